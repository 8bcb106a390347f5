// Saves every change, one request at a time and the latest state only; what cannot be sent is kept in the browser, shown, and tried again.

import { read, write } from "./memory.js";

const WAITS = [2, 4, 8, 15];
const SOON = 300;

export class Saver {
  #busy = false;
  #dirty = false;
  #failures = 0;
  #action = "save";
  #timer;

  // `value` gives what to send. `on`: saved(stored), changed(stored), refused(problem), waiting(reason), done(address).
  constructor({ id, revision, urls, value, on }) {
    Object.assign(this, { revision, urls, value, on });
    this.key = `colloquy:coding:${id}`;
    addEventListener("online", () => this.#begin(0));
    addEventListener("pagehide", () => this.#keep());
  }

  // What an earlier page could not send, if nothing was saved since.
  get left() {
    const kept = JSON.parse(read(this.key) || "null");
    return kept?.revision === this.revision ? kept : null;
  }

  get unsaved() {
    return this.#dirty || this.#busy;
  }

  change() {
    this.#dirty = true;
    this.#keep();
    this.#begin(SOON);
  }

  // "finish" or "skip": after what is on its way.
  end(action) {
    this.#action = action;
    this.#dirty = true;
    this.#begin(0);
  }

  #keep() {
    if (this.#dirty || this.#busy) write(this.key, JSON.stringify({ revision: this.revision, ...this.value() }));
  }

  #begin(wait) {
    clearTimeout(this.#timer);
    if (this.#dirty && !this.#busy) this.#timer = setTimeout(() => this.#send(), wait);
  }

  async #send() {
    this.#busy = true;
    this.#dirty = false;
    const action = this.#action;
    const answer = await post(this.urls[action], { revision: this.revision, ...this.value() });
    this.#busy = false;
    if (!answer.stored) return this.#again(answer.reason);
    this.#failures = 0;
    this.#action = action === this.#action ? "save" : this.#action;
    this.#heard(answer, action);
    this.#begin(SOON);
  }

  #again(reason) {
    this.#dirty = true;
    this.#keep();
    const seconds = WAITS[Math.min(this.#failures++, WAITS.length - 1)];
    this.on.waiting(reason);
    this.#begin(seconds * 1000);
  }

  #heard({ status, stored }, action) {
    if (status === 400 || status === 422) return this.on.refused(stored.problem);
    this.revision = stored.revision;
    if (!this.#dirty) write(this.key, "");
    if (stored.next && (action !== "save" || status === 409)) return this.on.done(stored.next);
    if (status === 409) {
      this.#dirty = false;
      write(this.key, "");
      return this.on.changed(stored);
    }
    this.on.saved();
  }
}

// {status, stored}, or {reason} where it is worth trying again.
export async function post(url, body) {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "X-CSRFToken": token(), "Content-Type": "application/json" },
      body: JSON.stringify(body),
      redirect: "manual",
      keepalive: true,
    });
    if (response.type === "opaqueredirect" || response.status === 403) {
      return { reason: "You are signed out, or may not code any more. Sign in again in another tab; this page keeps your work." };
    }
    if (response.status === 404) return { reason: "This answer is not assigned to you any more." };
    if (response.status >= 500) return { reason: "The server has trouble." };
    return { status: response.status, stored: await response.json() };
  } catch {
    return { reason: "There is no connection." };
  }
}

// Signing in again in another tab changes it.
function token() {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]").value;
}
