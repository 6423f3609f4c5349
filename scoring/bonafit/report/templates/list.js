// Filters and order of the list.
const last = (value) => (value === null || value === undefined ? Infinity : value);
const first = (value) => (value === null || value === undefined ? -Infinity : value);
const verdicts = Object.keys(given.verdicts);
const fit = names.indexOf("niche_fit");
// who has no score is sorted by fit, as in every list
const ofFit = (card) => (card.now.score === null ? first(card.known.v[fit]) : 0);
const byScore = (a, b) =>
  first(b.now.score) - first(a.now.score) || ofFit(b) - ofFit(a) || (a.known.id < b.known.id ? -1 : 1);
const orders = {
  verdict: (a, b) => verdicts.indexOf(a.now.verdict) - verdicts.indexOf(b.now.verdict) || byScore(a, b),
  score: byScore,
  followers: (a, b) => first(b.known.followers) - first(a.known.followers) || byScore(a, b),
  price: (a, b) => last(a.known.price) - last(b.known.price) || byScore(a, b),
  cost: (a, b) => last(a.known.cost) - last(b.known.cost) || byScore(a, b),
  name: (a, b) => a.known.label.localeCompare(b.known.label) || byScore(a, b),
};
names.forEach((name, i) => {
  orders[name] = (a, b) => first(b.known.v[i]) - first(a.known.v[i]) || byScore(a, b);
});

function asked() {
  const number = (id) => (byId(id).value === "" ? null : Number(byId(id).value));
  return {
    among: new Set(Array.from(document.querySelectorAll("#filters [name=verdict]:checked"), (box) => box.value)),
    words: byId("search").value.trim().toLowerCase(),
    platform: byId("platform").value,
    least: number("least"),
    largest: number("largest"),
    dearest: number("dearest"),
    decided: byId("decided").value,
  };
}

function isWanted({ known, now, decision }, { among, words, platform, least, largest, dearest, decided }) {
  return (
    among.has(now.verdict) &&
    (!words || `${known.label} ${known.handle} ${known.name} ${known.id}`.toLowerCase().includes(words)) &&
    (!platform || known.platform === platform) &&
    (least === null || (known.followers !== null && known.followers >= least)) &&
    (largest === null || (known.followers !== null && known.followers <= largest)) &&
    (dearest === null || (known.price !== null && known.price <= dearest)) &&
    (decided === "any" || decision.value === decided)
  );
}

function arrange() {
  const filters = asked();
  const order = orders[byId("sort").value] || orders.verdict;
  const counts = {};
  let shown = 0;
  const seen = new Set();
  cards.sort(order);
  const list = byId("cards");
  cards.forEach((card, i) => {
    const keep = isWanted(card, filters);
    counts[card.now.verdict] = (counts[card.now.verdict] || 0) + 1;
    card.element.hidden = !keep;
    if (keep) {
      shown += 1;
      write(inside(card, ".place"), String(shown));
      seen.add(card.n);
    }
    if (list.children[i] !== card.element) list.insertBefore(card.element, list.children[i] || null);
  });
  for (const dot of dots) dot.classList.toggle("out", !seen.has(Number(dot.dataset.n)) && filters.words !== "");
  document.querySelectorAll("[data-count]").forEach((element) => {
    element.textContent = String(counts[element.dataset.count] || 0);
  });
  byId("shown").textContent = shown === 0 ? "Nobody matches: widen the filters." : `${shown} of ${cards.length} creators shown${hiddenBy(filters)}${asStored() ? "" : ", scored with other weights than stored"}.`;
}

// which verdicts the filter hides, so that the tiles above and the list agree
function hiddenBy({ among }) {
  const parts = verdicts.filter((name) => !among.has(name)).map((name) => [given.verdicts[name].toLowerCase(), cards.filter((card) => card.now.verdict === name).length]);
  const some = parts.filter(([, n]) => n > 0).map(([label, n]) => `${n} ${label}`);
  return some.length ? `; not ticked: ${some.join(", ")}` : "";
}

function light(n, on) {
  for (const dot of dots) if (Number(dot.dataset.n) === n) dot.classList.toggle("lit", on);
}

document.addEventListener("click", (event) => {
  const dot = event.target instanceof Element && event.target.closest(".dot");
  if (!dot) return;
  const card = cardOf.get(Number(dot.dataset.n));
  card.element.hidden = false;
  card.element.scrollIntoView({ block: "center" });
});
for (const card of cards) {
  card.element.addEventListener("mouseenter", () => light(card.n, true));
  card.element.addEventListener("mouseleave", () => light(card.n, false));
}
for (const form of ["filters", "weights"]) byId(form).addEventListener("submit", (event) => event.preventDefault());
byId("filters").addEventListener("input", arrange);
byId("weights").addEventListener("input", readWeights);
byId("reset").addEventListener("click", resetWeights);
