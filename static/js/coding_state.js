// What a person gives to one answer: codes, the words attached to them, a note; every change can be undone. Nothing here touches the page.

export class Given {
  #past = [];

  constructor({ codes, quotes, note, several, none }) {
    this.several = several;
    this.none = none;
    this.set({ codes, quotes, note });
  }

  get value() {
    return { codes: this.codes, quotes: this.quotes, note: this.note };
  }

  set({ codes, quotes, note }) {
    this.codes = [...codes];
    this.quotes = [...quotes];
    this.note = note;
  }

  has(code) {
    return this.codes.includes(code);
  }

  toggle(code) {
    this.#remember();
    if (this.has(code)) this.#drop(code);
    else this.#give(code);
  }

  // Attaches words to a code, and gives it if need be; the same words once more come off again.
  attach(code, spans) {
    if (code === this.none) return this.toggle(code);
    this.#remember();
    const attached = spans.every((span) => this.quotes.some((quote) => same(quote, { code, ...span })));
    if (this.has(code) && attached) {
      this.quotes = this.quotes.filter((quote) => !spans.some((span) => same(quote, { code, ...span })));
      return;
    }
    if (!this.has(code)) this.#give(code);
    for (const span of spans) {
      const quote = { code, ...span };
      if (!this.quotes.some((each) => same(each, quote))) this.quotes.push(quote);
    }
  }

  detach(quote) {
    this.#remember();
    this.quotes = this.quotes.filter((each) => !same(each, quote));
  }

  // Another's coding, taken over whole; the note stays.
  take({ codes, quotes }) {
    this.#remember();
    this.set({ codes, quotes, note: this.note });
  }

  undo() {
    const before = this.#past.pop();
    if (before) this.set({ ...before, note: this.note });
    return Boolean(before);
  }

  #remember() {
    this.#past.push(this.value);
  }

  #give(code) {
    for (const other of [...this.codes]) if (!this.several || code === this.none || other === this.none) this.#drop(other);
    this.codes.push(code);
  }

  #drop(code) {
    this.codes = this.codes.filter((each) => each !== code);
    this.quotes = this.quotes.filter((quote) => quote.code !== code);
  }
}

function same(one, other) {
  return one.code === other.code && one.turn === other.turn && one.start === other.start && one.end === other.end;
}

// The letter or digit of a key, also on a keyboard of another script.
export function keyOf(event) {
  if (/^[\x21-\x7e]$/.test(event.key)) return event.key.toLowerCase();
  const [, letter] = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code) ?? [];
  return letter ? letter.toLowerCase() : event.key;
}
