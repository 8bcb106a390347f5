// Keys on the page of quotes to review: j and k go from quote to quote, a approves, r refuses, w goes to the wording.

const cards = [...document.querySelectorAll("#review > .card")];
let at = -1;

function go(place) {
  if (place < 0 || place >= cards.length) return;
  at = place;
  cards[at].focus();
  cards[at].scrollIntoView({ block: "nearest" });
}

function press(act) {
  cards[at]?.querySelector(`button[value="${act}"]`)?.click();
}

function refuse() {
  const reason = cards[at]?.querySelector('input[name="reason"]');
  if (reason && !reason.value.trim()) reason.focus();
  else press("refused");
}

const KEYS = {
  j: () => go(at + 1),
  k: () => go(at - 1),
  a: () => press("approved"),
  r: refuse,
  w: () => cards[at]?.querySelector("textarea")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select")) {
    if (event.key === "Escape" && at >= 0) cards[at].focus();
    return;
  }
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

document.getElementById("review").addEventListener("focusin", (event) => {
  at = cards.indexOf(event.target.closest(".card"));
});
