// Two creators side by side.
let picked = [];

function pick(card, on) {
  picked = picked.filter((other) => other !== card);
  if (on) picked.push(card);
  while (picked.length > 2) inside(picked.shift(), "input.compare").checked = false;
  byId("tray").hidden = picked.length === 0;
  byId("tray-open").disabled = picked.length < 2;
  byId("tray-open").hidden = picked.length < 2;
  byId("tray-said").textContent =
    picked.length === 2 ? `${picked[0].known.label} and ${picked[1].known.label}` : picked.length ? `${picked[0].known.label}: choose one more to compare` : "";
}

function figures(card) {
  const { known, now } = card;
  const bits = (value, range) => (value === null ? "–" : `${two(value)}${range ? ` (${two(range[0])} to ${two(range[1])})` : ""}`);
  const rows = [
    ["Verdict", given.verdicts[now.verdict], null, 0],
    ["Score", bits(now.score, now.interval), now.score, 1],
    ...given.heads.map(([, label], i) => [label[0].toUpperCase() + label.slice(1), bits(known.v[i], known.r[i]), known.v[i], 1]),
    ["Evidence in the file", `${Math.round(100 * known.reach)}%`, known.reach, 1],
    ["Followers", counted(known.followers), null, 0],
    ["Platform", known.spelt, null, 0],
    ["Price", known.price === null ? "–" : `${counted(known.price)} ${known.currency}`, null, 0],
    ["Cost per engagement", known.cost === null ? "–" : `${known.cost.toPrecision(2)} ${known.currency}`, known.cost, -1],
  ];
  return rows;
}

function compared() {
  picked.forEach(fill);
  const table = byId("side-table");
  table.replaceChildren();
  const head = table.createTHead().insertRow();
  head.append(made("td", ""));
  for (const card of picked) {
    const cell = made("th", "", { scope: "col" });
    cell.append(made("bdi", card.known.label));
    head.append(cell);
  }
  const body = table.createTBody();
  const [one, two_] = picked.map(figures);
  const sameMoney = picked[0].known.currency === picked[1].known.currency;
  one.forEach(([name, text, value, better], i) => {
    const row = body.insertRow();
    row.append(made("th", name, { scope: "row" }));
    const other = two_[i][2];
    const comparable = better && value !== null && other !== null && value !== other && (better > 0 || sameMoney);
    const firstWins = comparable && (better > 0 ? value > other : value < other);
    row.append(made("td", text, { className: firstWins ? "best" : "" }), made("td", two_[i][1], { className: comparable && !firstWins ? "best" : "" }));
  });
  for (const [name, selector] of [
    ["To look at", ".look"],
    ["Why", ".reasons"],
    ["Evidence", ".quotes"],
    ["Charts", ".charts"],
    ["Good to know", ".notes"],
  ]) {
    const parts = picked.map((card) => inside(card, selector));
    if (!parts.some(Boolean)) continue;
    const row = body.insertRow();
    row.append(made("th", name, { scope: "row" }));
    for (const part of parts) {
      const cell = made("td");
      if (part) cell.append(part.cloneNode(true));
      row.append(cell);
    }
  }
  byId("side").showModal();
  byId("side").scrollTop = 0;
}

byId("cards").addEventListener("change", (event) => {
  if (event.target.matches("input.compare")) pick(cardOf.get(Number(event.target.closest(".card").dataset.n)), event.target.checked);
});
byId("tray-open").addEventListener("click", compared);
byId("tray-clear").addEventListener("click", () => {
  for (const card of [...picked]) {
    inside(card, "input.compare").checked = false;
    pick(card, false);
  }
});
byId("side-close").addEventListener("click", () => byId("side").close());
