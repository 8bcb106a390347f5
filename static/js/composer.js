// Where the participant answers: the text field or a closed question's form, skip, end, and what follows the interview.

import { closedForm, element, fill } from "./closed.js";

const NEAR_THE_LIMIT = 500; // characters left
const touch = matchMedia("(hover: none) and (pointer: coarse)");

export class Composer {
  #mine = false;
  #closed = null;

  // `on` has what to do with the participant's decisions: answer({text} or {value, label}), confirm(label), skip(), end(), draft(text).
  constructor({ root, words, longest, on }) {
    Object.assign(this, { root, words, longest, on });
    const find = (id) => root.querySelector(`#${id}`);
    this.open = find("open-answer");
    this.closed = find("closed-answer");
    this.field = find("answer");
    this.sendButton = find("send");
    this.skipButton = find("skip");
    this.confirm = find("confirm");
    this.below = root.querySelector(".below");
    this.left = find("left");
    this.problem = find("problem");
    this.line = find("line");
    this.afterwards = find("afterwards");
    this.dialog = find("end-dialog");
    this.#listen(find("end"));
    if (touch.matches) this.field.enterKeyHint = "enter";
    root.hidden = false;
  }

  // Whose turn it is. Typing is always allowed; sending is not.
  set mine(mine) {
    this.#mine = mine;
    for (const button of [this.sendButton, this.skipButton, this.confirm]) button.setAttribute("aria-disabled", String(!mine));
  }

  // Shows the form that fits what the interviewer said last; nothing said: the text field.
  ask(turn, given) {
    const closed = Boolean(turn?.kind) && turn.kind !== "open";
    const here = this.root.contains(document.activeElement);
    this.#closed = closed ? closedForm(turn, this.words, given) : null;
    this.closed.replaceChildren(...(this.#closed?.nodes ?? []));
    this.closed.hidden = !closed;
    this.open.hidden = closed;
    this.confirm.hidden = !turn?.confirm;
    this.confirm.textContent = turn?.confirm ?? "";
    this.#resize();
    if (here) this.focus();
  }

  focus() {
    if (this.#closed) this.#closed.focus();
    else if (!touch.matches) this.field.focus({ preventScroll: true });
  }

  write(text) {
    this.field.value = text;
    this.#resize();
    this.#countLeft();
  }

  complain(text) {
    this.problem.textContent = text;
    this.field.setAttribute("aria-invalid", String(Boolean(text)));
  }

  status(text) {
    this.line.textContent = text;
  }

  // Puts a sentence and one thing to do in the place of the answer. `action` is an address or a function.
  instead(text, label, action) {
    const link = typeof action === "string";
    const next = element(link ? "a" : "button", { className: "button", textContent: label });
    if (link) next.href = action;
    else next.addEventListener("click", action);
    this.afterwards.replaceChildren(element("p", { textContent: text }), next);
    this.#answering(false);
    next.focus({ preventScroll: true });
  }

  again() {
    this.#answering(true);
    this.focus();
  }

  #answering(possible) {
    this.dialog.close();
    this.complain("");
    this.status("");
    for (const part of [this.open, this.closed, this.below]) part.hidden = !possible;
    this.afterwards.hidden = possible;
    if (possible) this.closed.hidden = !this.#closed;
    if (possible) this.open.hidden = Boolean(this.#closed);
    if (!possible) this.confirm.hidden = true;
  }

  #listen(endButton) {
    this.open.addEventListener("submit", (event) => this.#submit(event, () => this.#words()));
    this.closed.addEventListener("submit", (event) => this.#submit(event, () => this.#closed.read()));
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("input", () => this.#typed());
    this.skipButton.addEventListener("click", () => this.#mine && (this.complain(""), this.on.skip()));
    this.confirm.addEventListener("click", () => this.#mine && (this.complain(""), this.on.confirm(this.confirm.textContent)));
    endButton.addEventListener("click", () => {
      this.dialog.returnValue = "";
      this.dialog.showModal();
    });
    this.dialog.addEventListener("close", () => this.dialog.returnValue === "end" && this.on.end());
  }

  #words() {
    const text = this.field.value.trim();
    return text ? { text } : { problem: this.words.write };
  }

  #submit(event, read) {
    event.preventDefault();
    if (!this.#mine) return;
    const { problem, ...answer } = read();
    this.complain(problem ?? "");
    if (problem) return;
    if (answer.text) this.write("");
    this.on.answer(answer);
  }

  #key(event) {
    // While a word is being composed (Japanese, Chinese, Korean), Enter chooses it. 229 is how Safari says so.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing || touch.matches) return;
    event.preventDefault();
    this.open.requestSubmit();
  }

  #typed() {
    this.complain("");
    this.#resize();
    this.#countLeft();
    this.on.draft(this.field.value);
  }

  #resize() {
    this.field.style.blockSize = "auto";
    this.field.style.blockSize = `${this.field.scrollHeight}px`;
  }

  #countLeft() {
    const left = this.longest - this.field.value.length;
    this.left.textContent = left <= NEAR_THE_LIMIT ? fill(this.words.left, { count: left }) : "";
  }
}
