// Drafting a guide: shows each piece as it arrives, and adds to the survey what the researcher accepts.

import { make, questions, read, settle, state, untouched, warn } from "./cards.js";

const script = JSON.parse(document.getElementById("script-data").textContent);
const sketch = document.getElementById("sketch");
const form = document.getElementById("wishes");
const stop = document.getElementById("stop");
const begin = document.getElementById("begin");
const broken = "The line broke off. What had arrived by then is kept.";
let origin = { model: "person", prompt: "" };
let running = null;

const say = (sentence) => { document.getElementById("state").textContent = sentence; };
const sections = () => [...sketch.querySelectorAll('[data-card="section"]')];

function post(address, body, signal) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  return fetch(address, { method: "POST", headers, body: JSON.stringify(body), signal });
}

async function* pieces(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += part.value;
    const whole = text.split("\n");
    text = whole.pop();
    for (const line of whole) yield JSON.parse(line);
  }
}

/** Reads a draft to its end, however it ends, and returns the sentence to show. */
async function follow(address, body, take) {
  running = new AbortController();
  begin.disabled = true;
  stop.hidden = false;
  say("The model is writing…");
  let arrived = 0;
  let ending = broken;
  try {
    const response = await post(address, body, running.signal);
    if (!response.ok) return (await response.json()).problems.join(" ");
    for await (const piece of pieces(response)) {
      if (piece.part === "begin") start(piece);
      else if (piece.part === "failed") ending = piece.sentence;
      else if (piece.part === "done") ending = `The draft is complete: ${arrived} question${arrived === 1 ? "" : "s"}. Nothing is added yet.`;
      else {
        arrived += piece.part === "question";
        take(piece);
        say(`The model is writing… ${arrived} question${arrived === 1 ? "" : "s"} so far.`);
      }
    }
  } catch (error) {
    ending = error.name === "AbortError" ? "Stopped. What had arrived by then is kept." : broken;
  } finally {
    running = null;
    begin.disabled = false;
    stop.hidden = true;
  }
  return ending;
}

function start(piece) {
  origin = piece;
  document.getElementById("template").hidden = !piece.template;
}

function show(piece) {
  if (piece.part === "texts") return sketch.append(make("texts", piece.texts));
  const known = sections().find((card) => card.dataset.came === piece.section.key);
  const card = known ?? make("section", piece.section);
  card.dataset.came = piece.section.key;
  if (!known) sketch.append(card);
  card.querySelector("[data-questions]").append(questionCard(piece));
}

function questionCard(piece) {
  const card = make("question", piece.question);
  warn(card, piece.warnings);
  return card;
}

function asDraft() {
  return sections().map((card) => ({ ...read(card), questions: questions(card).map(read) }));
}

async function anew(card) {
  const section = card.closest('[data-card="section"]');
  const one = card.dataset.card === "question";
  const old = one ? [card] : questions(section).filter((each) => !("added" in each.dataset));
  const body = { draft: asDraft(), section: read(section).key, question: one ? read(card).key : "", notes: section.querySelector("[data-notes]").value };
  const fresh = [];
  const ending = await follow(script.anew, body, (piece) => {
    const made = questionCard(piece);
    fresh.push(made);
    if (one) card.before(made);
    else section.querySelector("[data-questions]").append(made);
  });
  if (fresh.length) for (const each of old) each.remove();
  say(ending);
}

async function add(card) {
  const kind = card.dataset.card;
  const section = card.closest('[data-card="section"]');
  const asked = kind === "question" ? [card] : kind === "section" ? questions(card).filter((each) => !("added" in each.dataset)) : [];
  const body = { model: origin.model, prompt: origin.prompt, untouched: asked.filter(untouched).map((each) => read(each).key) };
  if (kind === "texts") Object.assign(body, { texts: read(card), untouched: untouched(card) ? ["texts"] : [] });
  else body.section = { ...read(section), questions: asked.map(read) };
  let problems = [broken];
  try {
    ({ problems } = await (await post(script.accept, body)).json());
  } catch { /* said below */ }
  if (problems.length) return state(card, problems.join(" "));
  for (const each of asked) settle(each);
  if (kind !== "question") settle(card);
}

sketch.addEventListener("click", (event) => {
  const does = event.target.dataset?.does;
  const card = event.target.closest("[data-card]");
  if (does === "drop") card.remove();
  if (does === "add") add(card);
  if (does === "anew" && !running) anew(card);
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  sketch.replaceChildren();
  const { questions: many, minutes, notes } = form.elements;
  say(await follow(script.stream, { questions: Number(many.value), minutes: Number(minutes.value), notes: notes.value }, show));
});

stop.addEventListener("click", () => running?.abort());
window.addEventListener("beforeunload", (event) => {
  if (sketch.querySelector("[data-card]:not([data-added])")) event.preventDefault();
});
