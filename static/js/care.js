// How an answer is written, in coarse counts: how long, how much typed, how much pasted. No keystroke is kept. Used only where the
// participant has been told of it.

const touch = matchMedia("(hover: none) and (pointer: coarse)");
const TYPED = ["insertText", "insertLineBreak", "insertCompositionText"];

export class Care {
  #asked = false;
  #visible = 0; // milliseconds in view, up to #from
  #from = null; // when the page last came into view

  constructor(field) {
    this.field = field;
    this.#forget();
    field.addEventListener("beforeinput", () => (this.chosen = field.selectionEnd - field.selectionStart));
    field.addEventListener("input", (event) => this.#written(event));
    document.addEventListener("visibilitychange", () => this.#asked && this.#inView());
  }

  // The interviewer's first words stand on the page; what follows them changes nothing.
  appear() {
    if (this.#asked) return;
    this.#asked = true;
    [this.#visible, this.#from, this.hidden] = [0, null, false];
    this.#inView();
  }

  // What the interviewer had begun to say was taken back.
  retract() {
    this.#asked = false;
  }

  // The words in the field were written before this page was loaded: how, it cannot tell.
  unknown() {
    this.known = false;
  }

  // What was counted since the question appeared; undefined where that is not known.
  take() {
    const { typed, pasted, pastes, hidden } = this;
    const counted = { visible_ms: Math.round(this.#visible + this.#running()), typed, pasted, pastes, hidden, input: this.#input() };
    const known = this.known && this.#asked;
    this.#asked = false;
    this.#forget();
    return known ? counted : undefined;
  }

  // A draft that stays in the field has been counted already.
  #forget() {
    const length = this.field.value.length;
    Object.assign(this, { typed: 0, pasted: 0, pastes: 0, hidden: false, keys: false, composed: false, chosen: 0, length, known: !length });
  }

  #running() {
    return this.#from === null ? 0 : performance.now() - this.#from;
  }

  #inView() {
    if (document.hidden) {
      this.hidden = true;
      this.#visible += this.#running();
    }
    this.#from = document.hidden ? null : performance.now();
  }

  #written({ inputType }) {
    const now = this.field.value.length;
    // While a word is composed, the browser replaces it again and again: only what the text grows by counts.
    const replaced = inputType === "insertCompositionText" ? 0 : this.chosen;
    const added = Math.max(0, now - this.length + replaced);
    [this.length, this.chosen] = [now, 0];
    if (inputType?.startsWith("insertFromPaste")) {
      this.pastes += 1;
      this.pasted += added;
    } else if (TYPED.includes(inputType)) {
      this.typed += added;
      this.keys = true;
      this.composed ||= inputType === "insertCompositionText";
    }
  }

  #input() {
    if (touch.matches) return "touch";
    if (this.composed) return "ime";
    return this.keys ? "keyboard" : "unknown";
  }
}
