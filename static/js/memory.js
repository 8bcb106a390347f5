// What the browser keeps of an interview, so that a reload or a dropped line loses no word: the draft and the unsent messages.

export class Memory {
  constructor(token) {
    this.draftKey = `colloquy:${token}:draft`;
    this.outboxKey = `colloquy:${token}:outbox`;
    this.outbox = JSON.parse(read(this.outboxKey) || "[]");
  }

  get draft() {
    return read(this.draftKey) || "";
  }

  set draft(text) {
    write(this.draftKey, text);
  }

  put(message) {
    this.outbox.push(message);
    this.#keep();
  }

  take(id) {
    const found = this.outbox.find((message) => message.id === id);
    this.outbox = this.outbox.filter((message) => message.id !== id);
    this.#keep();
    return found;
  }

  clear() {
    this.outbox = [];
    this.#keep();
    this.draft = "";
  }

  #keep() {
    write(this.outboxKey, this.outbox.length ? JSON.stringify(this.outbox) : "");
  }
}

// Storage may be full or forbidden: the interview then goes on without it.
export function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function write(key, text) {
  try {
    if (text) localStorage.setItem(key, text);
    else localStorage.removeItem(key);
  } catch { /* see above */ }
}
