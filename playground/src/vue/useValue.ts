import type { BehaviorSubject } from 'rxjs'
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'

/** Follows a value of a device. */
export function useValue<T>(subject: BehaviorSubject<T>): Readonly<ShallowRef<T>> {
  const value = shallowRef(subject.value)
  const subscription = subject.subscribe((next) => (value.value = next))
  onScopeDispose(() => subscription.unsubscribe())
  return value
}
