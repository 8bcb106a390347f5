// Asks how far the work is, says it, and shows the page anew once it has ended.

const EVERY = 3000;
const box = document.querySelector("[data-progress]");

async function ask() {
  const reply = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
  if (!reply.ok) throw new Error(reply.statusText);
  const { going_on: goingOn, percent, said } = await reply.json();
  if (!goingOn) {
    location.reload();
    return;
  }
  box.querySelector("progress").value = percent;
  const words = box.querySelector("[data-said]");
  if (words.textContent !== said) words.textContent = said;
  setTimeout(tick, EVERY);
}

function tick() {
  ask().catch(() => setTimeout(tick, EVERY * 3));
}

setTimeout(tick, EVERY);
