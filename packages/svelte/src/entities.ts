export {
  createDatalabel,
  createEntity,
  createEntityCodes,
  createEntityList,
  createGlobalSettings,
  createOfflineEntity,
  type LiveEntity,
  type LiveEntityList,
} from './entityViews.js'
export { createDraft, createEntityMutation, type LiveDraft, type LiveEntityMutation } from './entityWrites.js'
