// Finds [data-module="x"], imports modules/x.js and calls its mount(element). Several names may stand in one attribute.
// Pages work without this; a module that fails is reported and the others still start.

export async function start(root) {
  const elements = [...root.querySelectorAll("[data-module]")];
  if (root.dataset?.module) elements.unshift(root);
  await Promise.all(elements.map(startOne));
}

async function startOne(element) {
  if (element.dataset.started !== undefined) return;
  element.dataset.started = "";
  for (const name of element.dataset.module.split(/\s+/).filter(Boolean)) {
    try {
      const module = await import(`./modules/${name}.js`);
      await module.mount(element);
    } catch (error) {
      console.error(`data-module="${name}"`, error);
    }
  }
}

await start(document.documentElement);
document.documentElement.dataset.ready = "";
