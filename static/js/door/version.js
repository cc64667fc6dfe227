// The service worker: the page opens without network, and a new version waits until a person says when.

const LOOK = 10 * 60_000;

// onNew(change): a new version is ready; change() moves to it. No scan is lost: they lie in the queue on the disk.
export async function keepFiles(onNew) {
  if (!navigator.serviceWorker) return null;
  let changing = false;
  const mark = () => document.documentElement.toggleAttribute("data-kept", Boolean(navigator.serviceWorker.controller));
  mark();
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    mark();
    if (changing) location.reload();
  });
  try {
    const registration = await navigator.serviceWorker.register("/door/worker.js", { scope: "/door/", updateViaCache: "none" });
    const offer = () => {
      if (!registration.waiting || !navigator.serviceWorker.controller) return;
      onNew(() => {
        changing = true;
        registration.waiting?.postMessage("change now");
      });
    };
    offer();
    registration.addEventListener("updatefound", () => {
      registration.installing?.addEventListener("statechange", offer);
    });
    const look = () => document.hidden || registration.update().catch(() => {});
    setInterval(look, LOOK);
    window.addEventListener("online", look);
    return registration;
  } catch (error) {
    console.warn("the page will not open without network", error);
    return null;
  }
}

// Whether everything that the page needs lies on the phone.
export async function isKept() {
  if (!navigator.serviceWorker?.controller || !globalThis.caches) return false;
  return (await caches.keys()).some((name) => name.startsWith("eventmgr-door-"));
}
