// The two ways to the server (docs/protocol.md): a websocket, and requests over HTTP where no websocket gets through.
// A line passes what the server says to heard(message), and calls ended(code) once, when it is gone on its own.

const HEARTBEAT = 20_000;
const PATIENCE = 10_000; // how long a ping may stay unanswered
const SILENCE = 45_000; // how long a response may bring nothing; the server says something every ten seconds
const JSON_LINES = "application/x-ndjson";

class Line {
  constructor({ greet, heard, ended }) {
    Object.assign(this, { greet, heard, ended });
    this.open = true;
    this.heart = setInterval(() => this.beat(), HEARTBEAT);
  }

  // Gives the line up without waiting for the other side to agree.
  close() {
    this.open = false;
    clearInterval(this.heart);
  }

  end(code) {
    if (!this.open) return;
    this.close();
    this.ended(code);
  }
}

export class WebsocketLine extends Line {
  #socket = null;
  #answered = true;

  constructor({ url, ...how }) {
    super(how);
    try {
      this.#socket = new WebSocket(url);
    } catch {
      return void queueMicrotask(() => this.end(0));
    }
    this.#socket.onopen = () => this.send(this.greet());
    this.#socket.onmessage = ({ data }) => {
      this.#answered = true;
      if (this.open) this.heard(JSON.parse(data));
    };
    this.#socket.onclose = ({ code }) => this.end(code);
  }

  send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#socket.send(JSON.stringify(message));
  }

  close() {
    super.close();
    this.#socket?.close();
  }

  beat() {
    this.#answered = false;
    this.send({ type: "ping" });
    setTimeout(() => this.#answered || this.end(0), PATIENCE);
  }
}

export class HttpLine extends Line {
  #number = null; // what `joined` calls this line
  #token;
  #seen;
  #underWay = 0;
  #abort = new AbortController();

  constructor({ address, ...how }) {
    super(how);
    this.address = address;
    const greeting = this.greet();
    this.#token = greeting.token;
    this.#seen = greeting.after;
    this.#post(greeting);
  }

  send(message) {
    if (this.#number !== null) this.#post({ ...message, token: this.#token, line: this.#number, after: this.#seen });
  }

  close() {
    super.close();
    this.#abort.abort();
  }

  beat() {
    if (!this.#underWay) this.send({ type: "ping" });
  }

  async #post(message) {
    this.#underWay++;
    try {
      const response = await this.#soon(post(this.address, message, this.#abort.signal));
      const done = await this.#listen(response.body.getReader());
      if (!response.ok) this.end(4000 + response.status);
      else if (!done) this.end(0);
    } catch {
      this.end(0);
    } finally {
      this.#underWay--;
    }
  }

  // True if the response came to its end.
  async #listen(reader) {
    const decoder = new TextDecoder();
    let rest = "";
    for (let done = false; ; ) {
      const piece = await this.#soon(reader.read());
      if (piece.done) return done;
      const lines = (rest + decoder.decode(piece.value, { stream: true })).split("\n");
      rest = lines.pop();
      for (const line of lines.filter(Boolean)) done = this.#take(JSON.parse(line)) || done;
    }
  }

  async #soon(promise) {
    const timer = setTimeout(() => this.end(0), SILENCE);
    return promise.finally(() => clearTimeout(timer));
  }

  #take(message) {
    if (!this.open) return false;
    if (message.type === "done") return true;
    if (message.type === "joined") {
      this.#number = message.line;
      this.#seen = Math.max(this.#seen, ...message.turns.map(({ number }) => number));
    } else if (message.type === "turn") {
      // Two responses under way at once may bring the same turn.
      if (message.turn.number <= this.#seen) return false;
      this.#seen = message.turn.number;
    }
    this.heard(message);
    return false;
  }
}

// Whether the server can be reached over HTTP.
export async function answers(address, patience) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), patience);
  try {
    const response = await post(address, { type: "ping" }, abort.signal);
    return (await response.text()).includes('"pong"');
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

// What answers may be a gate or a proxy on the way: only the server's own responses count.
async function post(address, message, signal) {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(address, { method: "POST", headers, body: JSON.stringify(message), cache: "no-store", signal });
  if (!response.headers.get("Content-Type")?.startsWith(JSON_LINES)) throw new Error("not the server");
  return response;
}
