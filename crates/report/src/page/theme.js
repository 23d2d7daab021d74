// Light and dark, and the colours of the moment for the canvas.

/** The colours of the style sheet as the canvas needs them, for the theme of the moment. */
function readColours() {
  const probe = document.body.appendChild(document.createElement("span"));
  const value = name => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const names = ["ink", "soft", "faint", "rule", "paper", "past", "future", "concurrent", "window"];
  const colours = Object.fromEntries(names.map(name => [name, value(name)]));
  for (const side of ["past", "future"]) {
    for (const [shade, alpha] of [["Wash", 0.11], ["Line", 0.6], ["Mist", 0.28]]) {
      colours[side + shade] = withAlpha(colours[side], alpha);
    }
  }
  colours.cutWash = withAlpha(colours.window, 0.6);
  colours.tints = [1, 2, 3, 4, 5, 6, 7, 8].map(number => [1, 0.55, 0.25].map(alpha => withAlpha(value(`m${number}`), alpha)));
  colours.font = getComputedStyle(document.body).fontFamily;
  probe.remove();
  return colours;
}

const withAlpha = (rgb, alpha) => rgb.replace(/^rgb\(([^)]*)\)$/, `rgba($1, ${alpha})`);

/** Goes through light, dark and what the system says. */
function setUpTheme(button, changed) {
  const themes = ["auto", "light", "dark"];
  const apply = theme => {
    document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
    changed();
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = themes[(themes.indexOf(document.documentElement.dataset.theme) + 1) % themes.length];
    remember(next);
    apply(next);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  matchMedia("print").addEventListener("change", changed);
  apply(themes.includes(remembered()) ? remembered() : "auto");
}

// A page opened from disk may have no storage.
function remember(theme) { try { localStorage.setItem("offbeat-theme", theme); } catch { /* then not */ } }
function remembered() { try { return localStorage.getItem("offbeat-theme"); } catch { return null; } }
