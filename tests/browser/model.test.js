/* The model without a page: `node --test tests/browser/model.test.js`. */
const { test } = require("node:test");
const assert = require("node:assert/strict");
const { model } = require("../../javascript/counterprompt_1_model.js");

test("a chip that is clicked twice is where it began", () => {
  assert.deepEqual(model.toggled([], 3), [3]);
  assert.deepEqual(model.toggled([1, 3], 3), [1]);
});

test("a moved chip stands on the other side than its own", () => {
  assert.equal(model.sideOf("asked", false), "asked");
  assert.equal(model.sideOf("asked", true), "left");
  assert.equal(model.sideOf("left", true), "asked");
});

test("a running study is looked at often, one that rests seldom, and nothing behind the user's back", () => {
  assert.equal(model.isDue(2000, 0, true, true), true);
  assert.equal(model.isDue(1999, 0, true, true), false);
  assert.equal(model.isDue(2000, 0, false, true), false);
  assert.equal(model.isDue(15000, 0, false, true), true);
  assert.equal(model.isDue(99999, 0, true, false), false);
});

test("a study that was just ordered is awaited for as long as a look may be away", () => {
  assert.equal(model.isAwaited(5000, 4000), true);
  assert.equal(model.isAwaited(19000, 4000), false);
  assert.equal(model.isAwaited(5000, -Infinity), false);
});

test("a tab is found by its id among the others", () => {
  assert.equal(model.tabPlace(["tab_txt2img", "tab_counterprompt"], "tab_counterprompt"), 1);
  assert.equal(model.tabPlace(["tab_txt2img"], "tab_counterprompt"), -1);
});

test("digits and first letters answer a question, other keys do not", () => {
  assert.equal(model.answerOfKey("2"), "2");
  assert.equal(model.answerOfKey("N"), "none");
  assert.equal(model.answerOfKey("s"), "skip");
  assert.equal(model.answerOfKey("Tab"), undefined);
});

test("a write-back is news once, and an older one that is still told of is none", () => {
  assert.equal(model.newWriting([3, 5], 0), 5);
  assert.equal(model.newWriting([3, 5], 5), 0);
  assert.equal(model.newWriting([3], 5), 0);
  assert.equal(model.newWriting([], 0), 0);
});

test("the preview is asked for what has come to rest, once, and forgotten when it is hidden", () => {
  assert.equal(model.isSettled("a", "a", ""), true);
  assert.equal(model.isSettled("ab", "a", ""), false);
  assert.equal(model.isSettled("a", "a", "a"), false);
  assert.equal(model.isSettled("", "", "a"), true);
});

test("a field that gradio names in English is named in the host's language where its table knows the label", () => {
  const table = { Seeds: "种子数", "Time limit": "时间上限" };
  assert.equal(model.translatedName("range slider for Seeds", table), "种子数");
  assert.equal(model.translatedName("Time limit", table), "时间上限");
  assert.equal(model.translatedName("framed: 变动", table), undefined);
});

test("of the fold of judging only what is not as usual is told, by the names of a study's body", () => {
  const field = (place, value, usual) => ({ place, value, usual });
  const asUsual = [field("weights.aesthetic", "0.40", "0.4"), field("guards.noise", "", ""), field("schedules", false, false)];
  assert.equal(model.judgingText(asUsual), "");
  assert.equal(model.judgingText([field("weights.aesthetic", "", "0.4")]), "");
  const told = [...asUsual, field("weights.artifacts", "1", "0.6"), field("weights.fidelity", "0", "0.5")];
  told.push(field("guards.clipped", "0", ""), field("guards.flatness", "?", ""), field("look_again", true, false));
  assert.deepEqual(JSON.parse(model.judgingText(told)), {
    weights: { artifacts: 1, fidelity: 0 },
    guards: { clipped: 0, flatness: "?" },
    look_again: true,
  });
});
