// The participant's line to the server: comes back when it drops, and goes over HTTP where no websocket gets through.

import { HttpLine, WebsocketLine, answers } from "./lines.js";

const PATIENCE = 6_000; // how long a first websocket may take to bring `joined`; then a reachable server counts as proof that it is blocked
const MORE_PATIENCE = 15_000; // the line may just be slow
const LONGEST_WAIT = 15_000;
const BLOCKED = 2; // websockets that failed although the server could be reached
const FINAL = new Set([4400, 4403, 4404, 4409, 4410, 4413]);

export class Connection {
  #line = null;
  #attempts = 0;
  #failed = 0;
  #overHttp = false; // until the page is loaded again
  #joined = false;
  #timer = 0;
  #stopped = true;

  constructor({ url, address, greet, receive, lost, refused }) {
    Object.assign(this, { url, address, greet, receive, lost, refused });
    addEventListener("online", () => this.#again(0));
    addEventListener("offline", () => this.#drop());
    document.addEventListener("visibilitychange", () => document.hidden || this.#again(0));
    addEventListener("pageshow", (event) => event.persisted && this.#again(0));
  }

  open() {
    this.#stopped = false;
    this.#connect();
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#drop();
  }

  send(message) {
    this.#line?.send(message);
  }

  // The server has taken us in: from now on a lost line is tried again at once.
  welcomed() {
    clearTimeout(this.#timer);
    this.#joined = true;
    this.#attempts = 0;
    this.#failed = 0;
  }

  #connect() {
    clearTimeout(this.#timer);
    this.#joined = false;
    const how = {
      greet: this.greet,
      heard: (message) => this.receive(message),
      ended: (code) => this.#line === line && this.#ended(code),
    };
    const line = this.#overHttp ? new HttpLine({ address: this.address, ...how }) : new WebsocketLine({ url: this.url, ...how });
    this.#line = line;
    if (!this.#overHttp) this.#timer = setTimeout(() => this.#drop(BLOCKED), this.#attempts ? MORE_PATIENCE : PATIENCE);
  }

  #drop(failures = 1) {
    if (!this.#line) return;
    this.#line.close();
    this.#ended(0, failures);
  }

  async #ended(code, failures = 1) {
    clearTimeout(this.#timer);
    this.#line = null;
    if (FINAL.has(code)) this.#stopped = true;
    if (FINAL.has(code)) this.refused(code);
    if (this.#stopped) return;
    // Full jitter: a thousand pages do not come back in the same moment.
    const wait = Math.min(LONGEST_WAIT, 500 * 2 ** this.#attempts++) * (0.2 + 0.8 * Math.random());
    if (this.#overHttp || this.#joined || !(await this.#shutOut(failures))) this.lost();
    if (navigator.onLine === false || this.#stopped) return;
    this.#again(code === 1001 ? Math.random() * 300 : wait);
  }

  // Whether the server can be reached although the websocket failed. If so twice, websockets are blocked on the way.
  async #shutOut(failures) {
    if (navigator.onLine === false || !(await answers(this.address, PATIENCE))) return this.#stopped || Boolean(this.#line);
    if (!this.#line) this.#failed += failures;
    this.#overHttp = this.#failed >= BLOCKED;
    return true;
  }

  #again(wait) {
    if (this.#stopped || this.#line) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), wait);
  }
}
