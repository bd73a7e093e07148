import { pickDevice, pickTab, type StepWorld } from './stepWorld.js'

export function network({ world }: StepWorld): void {
  const device = pickDevice(world)
  if (device) world.setOnline(device, !device.online)
}

export function weather({ world }: StepWorld): void {
  const { random } = world
  const bad = random.chance(0.6)
  const some = (): number => (bad && random.chance(0.5) ? random.next() * 0.4 : 0)
  Object.assign(world.weather, {
    dropRequest: some(),
    dropAnswer: some(),
    duplicate: some(),
    serverError: some(),
    expired: some() / 2,
    dropEvent: some(),
    delay: bad ? 40 + random.int(4_000) : 40,
  })
}

export function openTab({ world }: StepWorld): void {
  const device = pickDevice(world)
  if (device && device.tabs.length < 3) world.openTab(device)
}

export function killTab({ world }: StepWorld): void {
  const picked = pickTab(world)
  if (picked) world.kill(picked.device, picked.tab)
}

/** The device's battery is empty: all tabs are gone, and what was not on the disk. */
export function losePower({ world }: StepWorld): void {
  const device = pickDevice(world)
  if (!device) return
  for (const tab of [...device.tabs]) world.kill(device, tab)
  device.disk.losePower()
}

export function closeHandles({ world }: StepWorld): void {
  pickTab(world)?.tab.closeHandles()
}

export function diskFull({ world }: StepWorld): void {
  const device = pickDevice(world)
  if (device) device.disk.full = !device.disk.full
}

export function hide({ world }: StepWorld): void {
  const picked = pickTab(world)
  if (!picked) return
  picked.tab.visible = false
  world.scheduler.timer(world.random.int(60_000), () => {
    if (!picked.tab.dead) picked.tab.visible = true
  })
}

/** R8: the session ends, and after a while the same user signs in again. */
export function signOut({ world }: StepWorld): void {
  const device = pickDevice(world)
  if (!device) return
  for (const tab of device.tabs) tab.signedIn = false
  device.signedIn = false
  world.scheduler.timer(world.random.int(60_000), () => world.signIn(device))
}

/** R7: another user sits down at the device. */
export function switchUser({ world, users }: StepWorld): void {
  const device = pickDevice(world)
  const user = world.random.pick(users.filter((other) => other !== device?.user))
  if (device && user !== undefined) world.switchUser(device, user)
}

/** A bit flips on a disk. */
export function corrupt({ world }: StepWorld): void {
  pickDevice(world)?.disk.corrupt('notes', 'body', 'spoilt', world.random)
}
