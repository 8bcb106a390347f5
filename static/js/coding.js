// One answer on the page: keys and buttons give codes, attach words, save, go back. The rules stand in coding_state.js, saving in coding_saver.js.

import { Saver, post } from "./coding_saver.js";
import { Given, keyOf } from "./coding_state.js";
import { Words } from "./coding_words.js";

const SETTINGS = "colloquy:coding:settings";
const byId = (id) => document.getElementById(id);
const state = JSON.parse(byId("state").textContent);
const open = state.status !== "done";
const desk = byId("desk");
const note = byId("note");

const given = new Given(state);
const words = new Words(desk, state.turns, state.labels);
const saver = new Saver({
  id: state.id,
  revision: state.revision,
  urls: state.urls,
  value: () => given.value,
  on: {
    saved: () => {
      say("saved", "Saved.");
      if (byId("told").classList.contains("trouble")) tell("Saved now.");
    },
    refused: (problem) => tell(problem),
    waiting: (reason) => {
      say("saved", "Not saved yet.");
      tell(`${reason} Not saved yet; trying again.`, "trouble");
    },
    changed: (stored) => {
      given.set(stored);
      draw();
      tell("This answer was changed elsewhere. You see what was saved there.", "trouble");
    },
    done: (address) => location.assign(address),
  },
});
let skipping = false;

function say(id, text) {
  byId(id).textContent = text;
}

function tell(text, manner = "") {
  byId("told").className = `told ${manner}`;
  say("told", text);
}

function draw() {
  for (const button of desk.querySelectorAll(".give")) button.setAttribute("aria-pressed", String(given.has(button.dataset.code)));
  for (const list of desk.querySelectorAll("[data-quotes]")) {
    list.replaceChildren(...given.quotes.filter((quote) => quote.code === list.dataset.quotes).map(attached));
  }
  if (note.value !== given.note) note.value = given.note;
  words.draw(given.quotes);
}

function attached(quote) {
  const item = document.createElement("li");
  const text = words.text(quote);
  item.append(Object.assign(document.createElement("span"), { textContent: text, dir: "auto" }));
  if (open) {
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "remove", textContent: "×", ariaLabel: `Remove: ${text}` });
    remove.addEventListener("click", () => {
      given.detach(quote);
      changed("Words removed.");
    });
    item.append(remove);
  }
  return item;
}

function changed(what) {
  draw();
  tell(what);
  say("saved", "Saving…");
  saver.change();
}

function give(code) {
  const spans = words.selected;
  if (spans.length) given.attach(code, spans);
  else given.toggle(code);
  words.release();
  desk.querySelector(`.give[data-code="${code}"]`).scrollIntoView({ block: "nearest" });
  changed(`${state.labels[code]}: ${given.has(code) ? (spans.length ? "words attached" : "given") : "taken back"}.`);
}

function take(side) {
  given.take(state.sides[side]);
  changed(`Coding ${side + 1} taken over.`);
}

function finish() {
  if (!given.codes.length) return tell(`Give a code first${state.none ? ", or 0 for none" : ""}.`, "trouble");
  say("saved", "Saving…");
  saver.end("finish");
}

function skip() {
  if (given.note.trim()) return saver.end("skip");
  skipping = true;
  note.focus();
  tell("Write why you skip it; then Ctrl+Enter skips. Esc goes back.");
}

async function undo() {
  if (open && given.undo()) return changed("Undone.");
  const { stored, reason } = await post(state.urls.undo, {});
  if (stored?.next) location.assign(stored.next);
  else tell(stored?.problem ?? `${reason} Nothing was undone.`, "trouble");
}

function sideways(step) {
  if (state.sides.length) return open && take(step < 0 ? 0 : state.sides.length - 1);
  const address = step < 0 ? state.urls.previous : state.urls.next;
  if (address) location.assign(address);
}

function onward() {
  if (open) finish();
  else if (state.urls.next) location.assign(state.urls.next);
}

function openAll(selector) {
  const all = [...document.querySelectorAll(selector)];
  const shut = all.some((each) => !each.open);
  for (const each of all) each.open = shut;
}

function toggle(id) {
  byId(id)?.click();
}

const COMMANDS = {
  z: undo,
  n: () => open && note.focus(),
  s: () => open && skip(),
  t: () => toggle("translations"),
  d: () => openAll(".definition"),
  "?": () => openAll("#help"),
};
const MOVES = {
  ArrowDown: (event) => words.move(1, event.shiftKey),
  ArrowUp: (event) => words.move(-1, event.shiftKey),
  ArrowLeft: () => sideways(-1),
  ArrowRight: () => sideways(1),
  Escape: () => words.release(),
  Enter: onward,
};

function inNote(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) skipping ? skip() : finish();
  else if (event.key === "Escape") note.blur();
  else return;
  event.preventDefault();
}

function pressed(event) {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.repeat && event.target !== note && !event.key.startsWith("Arrow")) return event.preventDefault();
  if (event.target === note) return inNote(event);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const control = event.target.closest("a, button, summary, input");
  if (event.key in MOVES) {
    if (event.key === "Enter" && control && !control.classList.contains("give")) return;
    event.preventDefault();
    return MOVES[event.key](event);
  }
  const key = keyOf(event);
  const act = state.keys[key] ? () => open && give(state.keys[key]) : COMMANDS[key];
  if (!act || !byId("single-keys").checked) return;
  event.preventDefault();
  act();
}

// A setting of this browser, kept from answer to answer.
function setting(id, apply) {
  const box = byId(id);
  if (!box) return;
  const kept = settings();
  box.checked = kept[id] ?? true;
  apply(box.checked);
  box.addEventListener("change", () => {
    apply(box.checked);
    try {
      localStorage.setItem(SETTINGS, JSON.stringify({ ...settings(), [id]: box.checked }));
    } catch { /* it lasts as long as the page */ }
  });
}

function settings() {
  try {
    return JSON.parse(localStorage.getItem(SETTINGS) || "{}");
  } catch {
    return {};
  }
}

addEventListener("keydown", pressed);
setting("single-keys", () => {});
setting("translations", (shown) => desk.classList.toggle("untranslated", !shown));
byId("finish")?.addEventListener("click", finish);
byId("undo")?.addEventListener("click", undo);
byId("skip")?.addEventListener("click", skip);
for (const button of desk.querySelectorAll(".give")) {
  button.addEventListener("mousedown", (event) => event.preventDefault()); // or the words selected would be let go
  button.addEventListener("click", () => give(button.dataset.code));
}
for (const button of desk.querySelectorAll(".take")) button.addEventListener("click", () => take(Number(button.dataset.side)));
note.addEventListener("blur", () => { skipping = false; });
note.addEventListener("input", () => {
  given.note = note.value;
  say("saved", "Saving…");
  saver.change();
});
if (open && saver.left) {
  given.set(saver.left);
  changed("Taken up where you left off.");
} else {
  draw();
}
document.documentElement.dataset.ready = "";
