// The reviewer's decisions and notes: kept in this browser where it keeps anything, and exported as CSV.
const place = `bonafit:${given.page}`;
let notes = {};
let keeps = true;
try {
  const read = JSON.parse(localStorage.getItem(place) || "{}");
  if (read && typeof read === "object") notes = read;
} catch (error) {
  keeps = false;
}

function keep() {
  try {
    localStorage.setItem(place, JSON.stringify(notes));
    keeps = true;
  } catch (error) {
    keeps = false;
  }
  const n = Object.values(notes).filter((note) => note.decision || note.note).length;
  byId("kept").textContent = keeps
    ? `${n} noted. Decisions and notes stay in this browser.`
    : `${n} noted. This browser keeps nothing for this file: export before you close it.`;
}

function noted(card) {
  const note = notes[card.known.id] || {};
  return { decision: String(note.decision || ""), note: String(note.note || "") };
}

for (const card of cards) {
  const { decision, note } = noted(card);
  card.decision.value = decision;
  card.note.value = note;
  card.element.classList.toggle("noted", Boolean(decision || note));
}
byId("cards").addEventListener("input", (event) => {
  if (!event.target.matches("select.decision, input.note")) return;
  const card = cardOf.get(Number(event.target.closest(".card").dataset.n));
  const decision = card.decision.value;
  const note = card.note.value;
  if (decision || note) notes[card.known.id] = { decision, note };
  else delete notes[card.known.id];
  card.element.classList.toggle("noted", Boolean(decision || note));
  keep();
});

function cell(value) {
  const text = value === null || value === undefined ? "" : String(value);
  const safe = typeof value === "string" && given.dangerous.some((start) => text.startsWith(start)) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

function table() {
  const heads = names.flatMap((name) => [name, `${name}_low`, `${name}_high`, `${name}_weight`]);
  const rows = [["rank", "creator_id", "handle", "name", "platform", "followers", "price", "currency", "verdict", "score", "score_low", "score_high", ...heads, "decision", "note"]];
  const ordered = [...cards].sort((a, b) => orders.verdict(a, b));
  for (const card of ordered) {
    const { known, now } = card;
    const { decision, note } = noted(card);
    const ends = now.interval || ["", ""];
    const parts = names.flatMap((name, i) => [known.v[i], ...(known.r[i] || ["", ""]), weights[name]]);
    rows.push([now.rank, known.id, known.handle, known.name, known.platform, known.followers, known.price, known.currency, now.verdict, now.score, ...ends, ...parts, decision, note]);
  }
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

byId("export").addEventListener("click", () => {
  const link = made("a", "", { href: URL.createObjectURL(new Blob([table()], { type: "text/csv;charset=utf-8" })), download: "decisions.csv" });
  link.click();
  URL.revokeObjectURL(link.href);
});
byId("print").addEventListener("click", () => window.print());
let opened = [];
window.addEventListener("beforeprint", () => {
  opened = cards.filter((card) => !card.element.hidden && card.now.verdict === "shortlist").map((card) => inside(card, "details")).filter((details) => !details.open);
  for (const details of opened) details.open = true;
  // what is printed stands there before the event of its opening comes
  for (const card of cards) if (inside(card, "details").open) fill(card);
});
window.addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
});
if (window.matchMedia("(max-width: 62rem)").matches) byId("controls").open = false;
scoreAgain();
arrange();
keep();
const ready = () => {
  document.documentElement.dataset.ready = "yes";
};
if (byId("packed")) unpack().then(ready);
else ready();
