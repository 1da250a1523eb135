document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const word = { n: "none", s: "skip" }[event.key.toLowerCase()] ?? event.key;
  const button = [...document.querySelectorAll("button[name=answer]")].find((each) => each.value === word);
  if (button && word !== "enough") button.click();
});
