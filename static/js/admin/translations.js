// Keeps the table of translations up to date while any of them is being made.

const EVERY = 2000;
const table = document.querySelector("table[data-progress]");
const announcements = document.getElementById("announcements");

async function look() {
  const response = await fetch(table.dataset.progress, { headers: { Accept: "application/json" } });
  if (!response.ok) return;
  const { rows } = await response.json();
  for (const row of rows) show(row);
  if (rows.some((row) => row.going_on)) setTimeout(look, EVERY);
  else announcements.textContent = "Nothing is being translated any more.";
}

function show(row) {
  const line = table.querySelector(`[data-language="${row.code}"]`);
  for (const cell of line.querySelectorAll("[data-field]")) cell.textContent = row[cell.dataset.field];
}

if (table?.querySelector("[data-going-on]")) setTimeout(look, EVERY);
