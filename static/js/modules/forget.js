// On the page where one signs in: whatever the stage kept on this device for whoever was here before is gone.

export function mount() {
  if ("caches" in window) caches.delete("eventmgr-stage");
}
