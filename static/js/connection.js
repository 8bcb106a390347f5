// A websocket that joins, listens, and comes back when the line drops.

const HEARTBEAT = 20_000;
const PATIENCE = 10_000; // how long a ping may stay unanswered
const LONGEST_WAIT = 15_000;
const FINAL = new Set([4400, 4404, 4409, 4410]);

export class Connection {
  #socket = null;
  #attempts = 0;
  #timer = 0;
  #heart = 0;
  #answered = true;
  #stopped = true;

  constructor({ url, greet, receive, lost, refused }) {
    Object.assign(this, { url, greet, receive, lost, refused });
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
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  // The server has taken us in: from now on a lost line is tried again at once.
  welcomed() {
    this.#attempts = 0;
  }

  #connect() {
    clearTimeout(this.#timer);
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    this.#answered = true;
    // A line that neither opens nor fails is given up.
    this.#timer = setTimeout(() => socket.readyState === WebSocket.CONNECTING && this.#drop(), PATIENCE);
    socket.onopen = () => {
      clearTimeout(this.#timer);
      this.send(this.greet());
      this.#heart = setInterval(() => this.#beat(), HEARTBEAT);
    };
    socket.onmessage = ({ data }) => {
      this.#answered = true;
      if (this.#socket === socket) this.receive(JSON.parse(data));
    };
    socket.onclose = ({ code }) => this.#socket === socket && this.#ended(code);
  }

  #beat() {
    this.#answered = false;
    this.send({ type: "ping" });
    const socket = this.#socket;
    setTimeout(() => this.#socket === socket && !this.#answered && this.#drop(), PATIENCE);
  }

  // Gives the line up without waiting for the other side to agree.
  #drop() {
    const socket = this.#socket;
    if (!socket) return;
    this.#ended(0);
    socket.close();
  }

  #ended(code) {
    clearInterval(this.#heart);
    this.#socket = null;
    if (FINAL.has(code)) this.#stopped = true;
    if (FINAL.has(code)) this.refused(code);
    if (this.#stopped) return;
    this.lost();
    if (navigator.onLine === false) return;
    // Full jitter: a thousand pages do not come back in the same moment.
    const wait = Math.min(LONGEST_WAIT, 500 * 2 ** this.#attempts++);
    this.#again(code === 1001 ? Math.random() * 300 : wait * (0.2 + 0.8 * Math.random()));
  }

  #again(wait) {
    if (this.#stopped || this.#socket) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), wait);
  }
}
