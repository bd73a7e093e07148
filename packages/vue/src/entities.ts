export {
  useDatalabel,
  useEntity,
  useEntityCodes,
  useEntityList,
  useGlobalSettings,
  useOfflineEntity,
  type UsedEntity,
  type UsedEntityList,
} from './entityViews.js'
export { useDraft, useEntityMutation, type UsedDraft, type UsedEntityMutation } from './entityWrites.js'
