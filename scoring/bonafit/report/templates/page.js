"use strict";
const given = JSON.parse(document.getElementById("given").textContent);
const names = given.heads.map((head) => head[0]);
const byId = (id) => document.getElementById(id);
// what only a script can keep is not written five hundred times
const review = byId("review").content;
for (const place of document.querySelectorAll(".review")) place.append(review.cloneNode(true));
const cards = Array.from(document.querySelectorAll("#cards > .card"), (element) => ({
  element,
  n: Number(element.dataset.n),
  known: given.creators[Number(element.dataset.n)],
  decision: element.querySelector("select.decision"),
  note: element.querySelector("input.note"),
  now: null,
}));
const cardOf = new Map(cards.map((card) => [card.n, card]));
const dots = Array.from(document.querySelectorAll(".dot"));
const two = (value) => (value === null || value === undefined ? "–" : value.toFixed(2));
const counted = (value) => (value === null || value === undefined ? "–" : Math.round(value).toLocaleString("en"));
const inside = (card, selector) => card.element.querySelector(selector);
const write = (element, text) => {
  if (element) element.textContent = text;
};
function made(tag, text, properties) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  return Object.assign(element, properties || {});
}
