// Dark for a dim hall, bright for daylight; remembered on this device, so that the next page comes right at once.

const KEPT = "eventmgr_stage_theme";

export function mount(place) {
  const button = place.querySelector("[data-theme-button]");
  const page = document.documentElement;
  const show = () => button.setAttribute("aria-pressed", String(page.dataset.theme === "light"));
  place.hidden = false;
  button.addEventListener("click", () => {
    page.dataset.theme = page.dataset.theme === "light" ? "dark" : "light";
    document.cookie = `${KEPT}=${page.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
    show();
  });
  show();
}
