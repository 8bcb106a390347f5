// A participant's interview page: joins the server (docs/protocol.md), shows what is said, sends what is answered.

import { Care } from "./care.js";
import { fill } from "./closed.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { Flag } from "./flag.js";
import { Log } from "./log.js";
import { Memory } from "./memory.js";

const PROTOCOL = 1;
const { token, longest, care: measures, flag: flags, words } = JSON.parse(document.getElementById("script-data").textContent);
const byId = (id) => document.getElementById(id);
const memory = new Memory(token);
const flag = new Flag({ dialog: byId("flag-dialog"), log: byId("log"), ...flags, words, announce });
const log = new Log({ list: byId("log"), preview: byId("preview"), words, flag });
const care = measures ? new Care(byId("answer")) : null;
const composer = new Composer({
  root: byId("composer"),
  words,
  longest,
  on: {
    answer: ({ text, value, label }) => tell({ type: "answer", ...(text ? { text } : { value }), care: care?.take() }, text ?? label),
    confirm: (label) => tell({ type: "answer", value: "confirmed" }, label),
    skip: () => tell({ type: "skip" }, ""),
    end: () => tell({ type: "end" }),
    draft: (text) => (memory.draft = text),
  },
});

let awaiting = "interviewer";
let question = null; // the interviewer's last turn
let wasLost = false;
let over = false;

const connection = new Connection({
  url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/interview/`,
  address: "/i/line/",
  // From the interviewer's last turn on: it says which form the answer takes.
  greet: () => ({ type: "join", protocol: PROTOCOL, token, after: question ? log.last : Math.max(0, log.lastInterviewer - 1) }),
  receive: (message) => heard[message.type]?.(message),
  lost: () => {
    if (over) return;
    wasLost = true;
    log.retract();
    composer.status(words.lost);
  },
  refused: (code) => {
    if (code === 4409) elsewhere();
    else if (code === 4404 || code === 4410) gone();
    else broken();
  },
});

const heard = {
  joined({ turns, progress, awaiting: whose, status, next, language }) {
    connection.welcomed();
    // The language was changed in another tab, on another device: this page's own words follow it.
    if (language !== document.documentElement.lang) return location.reload();
    composer.status("");
    if (wasLost) announce(words.back);
    wasLost = false;
    for (const turn of turns) take(turn);
    showProgress(progress);
    if (status !== "running") return finish(next);
    setAwaiting(whose);
    composer.ask(whose === "participant" ? question : null);
    resend();
  },
  stored({ id, number }) {
    if (memory.take(id)?.type === "answer") memory.draft = composer.field.value;
    log.settle(id, number);
    // A message sent again may have been answered long ago.
    const answered = log.lastInterviewer > number;
    setAwaiting(answered ? "participant" : "interviewer");
    if (answered) composer.ask(question);
  },
  say({ text }) {
    composer.status("");
    log.say(text);
    care?.appear();
  },
  retract() {
    log.retract();
    log.wait();
    care?.retract();
  },
  turn({ turn, progress }) {
    composer.status("");
    take(turn);
    showProgress(progress);
    if (turn.role !== "interviewer") return;
    setAwaiting("participant");
    composer.ask(turn);
    resend();
  },
  notice({ text }) {
    composer.status(text);
  },
  ended({ next }) {
    finish(next);
  },
  elsewhere,
  withdrawn({ next }) {
    over = true;
    memory.clear();
    connection.stop();
    location.replace(next);
  },
  error({ code, text, id }) {
    if (code === "not_your_turn" || code === "finished") return;
    if (code === "unknown") return gone();
    if (code === "unsupported") return broken();
    giveBack(id, text);
  },
};

composer.write(memory.draft);
if (memory.draft) care?.unknown();
composer.mine = false;
for (const message of memory.outbox) {
  if (log.has(message.id)) memory.take(message.id);
  else showOwn(message);
}
log.wait();
connection.open();
composer.focus();

// Keeps a message until the server has stored it, and sends it.
function tell(message, shown) {
  const kept = { ...message, id: crypto.randomUUID?.() ?? uuid(), shown };
  memory.put(kept);
  memory.draft = composer.field.value;
  showOwn(kept);
  if (message.type !== "end") composer.ask(null);
  setAwaiting("interviewer");
  transmit(kept);
}

function transmit({ shown, ...message }) {
  connection.send(message);
}

// Sends what the server may not have; a message sent twice is one turn.
function resend() {
  if (awaiting !== "participant" || !memory.outbox.length) return;
  transmit(memory.outbox[0]);
  composer.ask(null);
  setAwaiting("interviewer");
}

function showOwn({ type, id, shown }) {
  if (type !== "end") log.addOwn(id, shown);
}

// A message that was not taken goes back to the participant.
function giveBack(id, text) {
  const message = memory.take(id);
  if (!message) return;
  log.remove(id);
  setAwaiting("participant");
  composer.ask(question, message.shown);
  if (message.text && !composer.field.value) composer.write(message.text);
  care?.unknown();
  memory.draft = composer.field.value;
  composer.complain(text);
  composer.focus();
}

function take(turn) {
  if (turn.id) memory.take(turn.id);
  log.add(turn);
  if (turn.role !== "interviewer") return;
  question = turn;
  care?.appear();
}

function setAwaiting(whose) {
  if (whose === "interviewer" && awaiting !== whose) announce(words.writing);
  awaiting = whose;
  composer.mine = whose === "participant";
  if (whose === "interviewer") log.wait();
  else log.rest();
}

function showProgress({ asked, of }) {
  byId("progress").max = of;
  byId("progress").value = asked;
  byId("progress-text").hidden = asked < 1;
  byId("progress-text").textContent = fill(words.progress, { asked, of });
}

function finish(next) {
  over = true;
  setAwaiting("nobody");
  memory.clear();
  connection.stop();
  composer.instead(words.over, words.next, next.startsWith("/") ? next : location.pathname);
  log.toEnd();
}

function elsewhere() {
  if (over) return;
  connection.stop();
  log.retract();
  composer.instead(words.elsewhere, words.here, () => {
    composer.again();
    connection.open();
  });
}

// The link opens nothing any more: the page that says so is the one the server gives.
function gone() {
  over = true;
  memory.clear();
  connection.stop();
  location.reload();
}

function broken() {
  connection.stop();
  log.retract();
  composer.instead(words.broken, words.reload, () => location.reload());
}

function announce(text) {
  byId("announcements").textContent = text;
}

// Where the page is not served over HTTPS, browsers withhold crypto.randomUUID.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
