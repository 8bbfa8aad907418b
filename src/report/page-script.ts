/** The script of the page: marks the section in view, and reads the value under the pointer in every map of a panel. */

/**
 * Runs in the page, without it the report is complete. A map's pixels are palette colours; the key of its panel (window.KEYS) says what each stands
 * for, so no further data is needed.
 */
export const PAGE_SCRIPT = `(() => {
  const links = new Map([...document.querySelectorAll('nav a[href^="#"]')].map((a) => [a.hash.slice(1), a]));
  const targets = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  let current;
  const mark = () => {
    const passed = targets.filter((target) => target.getBoundingClientRect().top < innerHeight * 0.3);
    const link = links.get((passed[passed.length - 1] || targets[0]).id);
    if (link === current) return;
    if (current) current.removeAttribute('aria-current');
    current = link;
    current.setAttribute('aria-current', 'true');
    const nav = current.closest('nav');
    if (nav.scrollWidth > nav.clientWidth) nav.scrollLeft = current.offsetLeft - nav.clientWidth / 3;
  };
  addEventListener('scroll', mark, { passive: true });
  if (targets.length) mark();

  const pixels = new WeakMap();
  const read = (img, u, v) => {
    let data = pixels.get(img);
    if (!data) {
      const canvas = document.createElement('canvas');
      canvas.width = img.naturalWidth;
      canvas.height = img.naturalHeight;
      const context = canvas.getContext('2d', { willReadFrequently: true });
      context.drawImage(img, 0, 0);
      data = context.getImageData(0, 0, canvas.width, canvas.height);
      pixels.set(img, data);
    }
    const x = Math.min(data.width - 1, Math.floor(u * data.width));
    const y = Math.min(data.height - 1, Math.floor(v * data.height));
    const [r, g, b, a] = data.data.subarray(4 * (y * data.width + x));
    return a < 255 ? undefined : '#' + [r, g, b].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  };
  for (const panel of document.querySelectorAll('[data-key]')) {
    const key = KEYS[panel.dataset.key];
    const maps = [...panel.querySelectorAll('.map')].map((map) => {
      const cross = document.createElement('i');
      const label = cross.appendChild(document.createElement('b'));
      cross.className = 'cross';
      map.querySelector('.frame').append(cross);
      return { img: map.querySelector('img'), cross, label };
    });
    const show = (event) => {
      const over = event.target.closest && event.target.closest('.frame');
      if (!over) return;
      const box = over.getBoundingClientRect();
      const u = (event.clientX - box.left) / box.width;
      const v = (event.clientY - box.top) / box.height;
      if (u < 0 || v < 0 || u >= 1 || v >= 1) return;
      for (const { img, cross, label } of maps) {
        const meaning = key.labels[key.colours.indexOf(read(img, u, v))];
        cross.style.cssText = 'display:block;left:' + 100 * u + '%;top:' + 100 * v + '%';
        cross.className = 'cross' + (u > 0.55 ? ' left' : '') + (v < 0.15 ? ' below' : '');
        label.textContent = meaning === undefined ? 'no data' : meaning;
      }
    };
    panel.addEventListener('pointermove', show);
    panel.addEventListener('pointerdown', show);
    panel.addEventListener('pointerleave', () => {
      for (const { cross } of maps) cross.style.display = 'none';
    });
  }
})();`;
