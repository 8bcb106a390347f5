// The conversation on the page: whole turns in the log, and, outside it, the words that are still being spoken.

const NEAR_THE_END = 160; // pixels
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Log {
  #spoken = ""; // what the interviewer has said of the present turn
  #shown = 0; // how many of its characters can be read
  #whole = null; // the finished turn, once it is there
  #timer = 0;

  constructor({ list, preview, words, flag }) {
    Object.assign(this, { list, preview, words, flag });
    this.last = 0;
    this.lastInterviewer = 0;
    for (const node of list.children) this.#count(Number(node.dataset.number), node.classList.contains("interviewer"));
    this.toEnd(true);
  }

  // A turn as the server stores it. True if it is new here.
  add(turn) {
    const own = turn.id && this.#own(turn.id);
    if (own) this.settle(turn.id, turn.number);
    if (turn.number <= this.last) return false;
    if (turn.role !== "interviewer") this.#append(turn.role, turn.text, turn.number);
    else if (this.#spoken && !calm.matches && turn.text.startsWith(this.#spoken.slice(0, this.#shown))) this.#finish(turn);
    else this.#replace(turn);
    this.#count(turn.number, turn.role === "interviewer");
    return true;
  }

  has(id) {
    return Boolean(this.#own(id));
  }

  // The participant's own words, shown before they are stored.
  addOwn(id, text) {
    if (this.#own(id)) return;
    this.flush();
    const node = this.#append("participant", text, "");
    node.dataset.id = id;
    node.classList.add("sending");
    node.insertAdjacentHTML("beforeend", '<small aria-hidden="true"></small>');
    node.lastElementChild.textContent = this.words.sending;
    this.toEnd(true);
  }

  settle(id, number) {
    this.#count(number, false);
    const node = this.#own(id);
    if (!node) return;
    node.classList.remove("sending");
    node.querySelector("small")?.remove();
    node.dataset.number = number;
  }

  remove(id) {
    this.#own(id)?.remove();
  }

  wait() {
    if (this.#spoken || this.#whole) return;
    if (this.preview.hidden) this.preview.innerHTML = '<span class="dots"><i></i><i></i><i></i></span>';
    this.#show();
  }

  rest() {
    if (!this.#spoken && !this.#whole) this.preview.hidden = true;
  }

  say(text) {
    if (!this.#spoken) this.preview.textContent = "";
    this.#spoken += text;
    this.#show();
    if (calm.matches) this.#reveal(this.#spoken.length);
    else this.#play();
  }

  retract() {
    this.#hush();
    this.preview.hidden = true;
  }

  // Ends the slow reading-out: what is known stands on the page at once.
  flush() {
    if (this.#whole) this.#replace(this.#whole);
  }

  toEnd(always = false) {
    const root = document.documentElement;
    if (!always && root.scrollHeight - scrollY - innerHeight > NEAR_THE_END) return;
    requestAnimationFrame(() => scrollTo({ top: root.scrollHeight }));
  }

  #finish(turn) {
    this.#whole = turn;
    this.#spoken = turn.text;
    this.#play();
  }

  #replace(turn) {
    this.#hush();
    const near = this.#near();
    this.preview.hidden = true;
    const node = this.#append("interviewer", turn.text, turn.number, turn.links);
    if (turn.language) node.querySelector("p").lang = turn.language;
    this.toEnd(near);
  }

  #hush() {
    clearTimeout(this.#timer);
    [this.#spoken, this.#shown, this.#whole, this.#timer] = ["", 0, null, 0];
    this.preview.textContent = "";
  }

  #play() {
    if (this.#timer) return;
    const step = () => {
      this.#timer = 0;
      const waiting = this.#spoken.length - this.#shown;
      if (waiting > 0) {
        this.#reveal(this.#shown + Math.max(2, Math.ceil(waiting / 14)));
        this.#timer = setTimeout(step, 33);
      } else if (this.#whole) {
        this.#replace(this.#whole);
      }
    };
    step();
  }

  // Up to the end of a word, where the script has words.
  #reveal(upTo) {
    const rest = this.#spoken.slice(upTo);
    const word = rest.match(/^[\p{L}\p{M}\p{N}]{1,12}(?![\p{L}\p{M}\p{N}])/u);
    this.#shown = Math.min(this.#spoken.length, upTo + (word ? word[0].length : 0));
    const near = this.#near();
    this.preview.textContent = this.#spoken.slice(0, this.#shown);
    if (near) this.toEnd(true);
  }

  #show() {
    const near = this.#near();
    this.preview.hidden = false;
    if (near) this.toEnd(true);
  }

  #near() {
    const root = document.documentElement;
    return root.scrollHeight - scrollY - innerHeight <= NEAR_THE_END;
  }

  #append(role, text, number, links = []) {
    const near = this.#near();
    const node = document.createElement("div");
    node.className = `turn ${role}`;
    node.dataset.number = number;
    node.innerHTML = '<span class="hidden"></span> <p dir="auto"></p>';
    node.firstElementChild.textContent = this.words[role === "interviewer" ? "interviewer" : "you"];
    if (text) write(node.lastElementChild, text, links);
    else node.lastElementChild.appendChild(document.createElement("em")).textContent = this.words.skipped;
    if (role === "participant") node.classList.add("arrived");
    else if (text) node.append(this.flag.link(number));
    this.list.append(node);
    if (near) this.toEnd(true);
    return node;
  }

  #own(id) {
    return this.list.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  #count(number, byInterviewer) {
    this.last = Math.max(this.last, number);
    if (byInterviewer) this.lastInterviewer = Math.max(this.lastInterviewer, number);
  }
}

// The text with its addresses and numbers as links; `links` are {text, href}, in the order of the text.
function write(node, text, links) {
  let rest = text;
  for (const link of links) {
    const at = rest.indexOf(link.text);
    node.append(rest.slice(0, at), Object.assign(document.createElement("a"), { href: link.href, textContent: link.text, dir: "ltr" }));
    rest = rest.slice(at + link.text.length);
  }
  node.append(rest);
}
