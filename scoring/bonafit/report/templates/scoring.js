// The combined score and the verdict as the engine makes them, from the heads' stored answers.
function harmonicMean(values, weights) {
  let sum = 0;
  for (const name of names) {
    if (weights[name] <= 0) continue;
    if (values[name] < given.least) return 0;
    sum += weights[name] / values[name];
  }
  return Math.min(1, 1 / sum);
}

function byName(list) {
  return Object.fromEntries(names.map((name, i) => [name, list[i]]));
}

function combined(known, weights) {
  const values = byName(known.v);
  const ranges = byName(known.r);
  const score = harmonicMean(values, weights);
  let below = 0;
  let above = 0;
  const counts = {};
  for (const name of names) {
    counts[name] = weights[name] > 0 && score > 0 ? (weights[name] * score) / values[name] : 0;
    if (weights[name] <= 0 || !ranges[name]) continue;
    const [low, high] = ranges[name].map((end) => harmonicMean({ ...values, [name]: end }, weights));
    below += Math.max(0, score - low) ** 2;
    above += Math.max(0, high - score) ** 2;
  }
  const interval = [Math.max(0, score - Math.sqrt(below)), Math.min(1, score + Math.sqrt(above))];
  return { score, interval, counts };
}

function judged(known, weights) {
  if (known.blocked) return { verdict: known.verdict, score: null, interval: null, counts: {}, missed: [] };
  const values = byName(known.v);
  if (names.some((name) => weights[name] > 0 && values[name] === null)) {
    return { verdict: "not_judgeable", score: null, interval: null, counts: {}, missed: [] };
  }
  const { score, interval, counts } = combined(known, weights);
  const asked = [["score", score, given.marks.score]];
  for (const name of names) {
    if (given.marks[name] && weights[name] > 0) asked.push([name, values[name], given.marks[name]]);
  }
  const under = asked.filter(([, value, marks]) => value < marks[0]);
  const short = asked.filter(([, value, marks]) => value < marks[1]);
  let verdict = "shortlist";
  if (under.length) verdict = "pass";
  else if (known.signals || short.length) verdict = "review";
  const missed = (under.length ? under : short).map(([name, value, marks]) => [name, value, marks[under.length ? 0 : 1]]);
  // the answers of somebody who could not be judged are stored with wider intervals than the engine would combine
  return { verdict: known.fixed ? known.verdict : verdict, score, interval: known.s === null ? null : interval, counts, missed };
}

const stored = given.weights;
let weights = { ...stored };
const asStored = () => names.every((name) => Math.abs(weights[name] - stored[name]) < 1e-12);

function normalised(raw) {
  const total = names.reduce((sum, name) => sum + raw[name], 0);
  return total > 0 ? Object.fromEntries(names.map((name) => [name, raw[name] / total])) : null;
}

function scoreAgain() {
  const same = asStored();
  document.body.classList.toggle("other-weights", !same);
  for (const card of cards) {
    const { known } = card;
    const now = judged(known, weights);
    if (same) Object.assign(now, { verdict: known.verdict, score: known.s, interval: known.i });
    card.now = now;
  }
  const ranked = cards.filter((card) => card.now.score !== null);
  ranked.sort((a, b) => b.now.score - a.now.score || (a.known.id < b.known.id ? -1 : 1));
  for (const card of cards) card.now.rank = null;
  ranked.forEach((card, i) => {
    card.now.rank = i + 1;
  });
  cards.forEach((card) => show(card, same));
  for (const dot of dots) dot.dataset.verdict = cardOf.get(Number(dot.dataset.n)).now.verdict;
}

// a mean that leans towards the lowest answer: who moves that one moves the score most
function leaning(share) {
  return `(a change here moves the score ${share < 0.2 ? "little" : share < 0.5 ? "somewhat" : "most"})`;
}

function show(card, same) {
  const { now, known, element } = card;
  element.dataset.verdict = now.verdict;
  const chip = inside(card, ".chip");
  chip.dataset.verdict = now.verdict;
  chip.textContent = given.verdicts[now.verdict] + (now.verdict === known.verdict ? "" : `, was ${given.verdicts[known.verdict]}`);
  write(inside(card, ".by-score"), now.rank === null ? "" : `rank ${now.rank} by score`);
  write(inside(card, ".score b"), two(now.score));
  const unknown = now.score !== null && now.interval === null;
  write(inside(card, ".score .interval"), now.interval ? `${two(now.interval[0])}–${two(now.interval[1])}` : unknown ? "interval unknown" : "");
  element.dataset.score = now.score === null ? "" : String(now.score);
  element.dataset.low = now.interval ? String(now.interval[0]) : "";
  element.dataset.high = now.interval ? String(now.interval[1]) : "";
  for (const said of element.querySelectorAll(".share")) {
    said.textContent = now.score === null ? "" : leaning(now.counts[said.dataset.head] || 0);
  }
  const label = Object.fromEntries(given.heads.concat([["score", "score"]]));
  const missed = now.missed.map(([name, value, mark]) => `${label[name]} ${two(value)}, under ${two(mark)}`).join("; ");
  const words = known.fixed && now.score !== null ? "The verdict is as stored." : missed && `Now: ${missed}.`;
  write(inside(card, ".why .now"), same ? "" : words || (now.score === null ? "" : "Now: every mark is reached."));
}

const sliders = names.map((name) => byId(`w-${name}`));

function readWeights() {
  const raw = Object.fromEntries(sliders.map((slider) => [slider.dataset.head, Number(slider.value)]));
  const next = normalised(raw);
  const said = byId("weights-said");
  if (!next) {
    said.textContent = "All weights are 0: at least one must be above 0. The list is as it was.";
    return;
  }
  weights = next;
  for (const name of names) byId(`w-${name}-said`).textContent = `${Math.round(100 * weights[name])}%`;
  scoreAgain();
  said.textContent = asStored() ? "As stored." : `For the brief:\n[weights]\n${names.map((name) => `${name} = ${raw[name]}`).join("\n")}`;
  arrange();
}

function resetWeights() {
  weights = { ...stored };
  for (const slider of sliders) {
    slider.value = String(stored[slider.dataset.head]);
    byId(`w-${slider.dataset.head}-said`).textContent = `${Math.round(100 * stored[slider.dataset.head])}%`;
  }
  byId("weights-said").textContent = "As stored.";
  scoreAgain();
  arrange();
}
