// The sentence above the console: why a press was not carried out, who has taken control.

export function say(root, words) {
  const place = root.querySelector("[data-press-problem]");
  place.querySelector("[data-press-words]").textContent = words;
  place.hidden = !words;
  return place;
}

// Behind what stands there: whoever was just refused has to know that, whatever else is told meanwhile.
export function add(root, words) {
  const place = root.querySelector("[data-press-problem]");
  const stands = place.hidden ? "" : place.querySelector("[data-press-words]").textContent.trim();
  return say(root, [stands, words].filter(Boolean).join(" "));
}
