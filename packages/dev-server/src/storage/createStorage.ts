import type { Context, Reply, Request, Service } from '../context.js'
import { changeBucket, createBucket, deleteBucket, emptyBucket, listBuckets, showBucket } from './buckets.js'
import { createLink, createLinks, download, downloadPublic, downloadSigned, info } from './download.js'
import { json, refusal, toStorageError } from './errors.js'
import type { Files } from './files.js'
import { listObjects } from './list.js'
import { listPage } from './page.js'
import { decoded, type ObjectName, objectNameOf } from './names.js'
import { copyObject, moveObject, removeObject, removeObjects } from './objects.js'
import type { StorageContext } from './storageOptions.js'
import { createUploadLink, replace, upload, uploadByLink } from './upload.js'

type Handler = (context: StorageContext, request: Request, path: string) => Promise<Reply>

/**
 * Files in buckets, kept on the local disk; policies on `storage.objects` and `storage.buckets` decide. Images are served as
 * they are, not transformed.
 */
export function createStorage(context: Context, files: Files, fileSizeLimit: number): Service {
  const own: StorageContext = { ...context, files, fileSizeLimit }
  return async (request) => {
    try {
      const found = routeOf(request)
      return found ? await found.handle(own, request, found.path) : nothingThere
    } catch (error) {
      const known = toStorageError(error)
      if (!known) throw error
      return refusal(known)
    }
  }
}

const nothingThere = json(404, {
  statusCode: '404',
  error: 'Not Found',
  message: 'There is no such endpoint',
})

type OnObject = (context: StorageContext, request: Request, object: ObjectName) => Promise<Reply>
type OnBucket = (context: StorageContext, request: Request, bucket: string) => Promise<Reply>

const object =
  (handle: OnObject): Handler =>
  (context, request, path) =>
    handle(context, request, objectNameOf(path))

const bucket =
  (handle: OnBucket): Handler =>
  (context, request, path) =>
    handle(context, request, decoded(path))

/** An object has a `/` behind its bucket: the first that fits answers. */
const routes: readonly (readonly [method: string, path: RegExp, Handler])[] = [
  ['GET', /^\/bucket\/?$/, listBuckets],
  ['POST', /^\/bucket\/?$/, createBucket],
  ['POST', /^\/bucket\/([^/]+)\/empty$/, bucket(emptyBucket)],
  ['GET', /^\/bucket\/([^/]+)$/, bucket(showBucket)],
  ['PUT', /^\/bucket\/([^/]+)$/, bucket(changeBucket)],
  ['DELETE', /^\/bucket\/([^/]+)$/, bucket(deleteBucket)],
  ['POST', /^\/object\/list\/([^/]+)$/, bucket(listObjects)],
  ['POST', /^\/object\/list-v2\/([^/]+)$/, bucket(listPage)],
  ['POST', /^\/object\/move$/, moveObject],
  ['POST', /^\/object\/copy$/, copyObject],
  ['POST', /^\/object\/upload\/sign\/(.+)$/, object(createUploadLink)],
  ['PUT', /^\/object\/upload\/sign\/(.+)$/, object(uploadByLink)],
  ['POST', /^\/object\/sign\/([^/]+)$/, bucket(createLinks)],
  ['POST', /^\/object\/sign\/(.+)$/, object(createLink)],
  ['GET', /^\/(?:object|render\/image)\/sign\/(.+)$/, object(downloadSigned)],
  ['GET', /^\/object\/info\/(?:authenticated\/)?(.+)$/, object(info)],
  ['GET', /^\/(?:object|render\/image)\/public\/(.+)$/, object(downloadPublic)],
  ['GET', /^\/(?:object|render\/image)\/(?:authenticated\/)?(.+)$/, object(download)],
  ['DELETE', /^\/object\/([^/]+)$/, bucket(removeObjects)],
  ['DELETE', /^\/object\/(.+)$/, object(removeObject)],
  ['POST', /^\/object\/(.+)$/, object(upload)],
  ['PUT', /^\/object\/(.+)$/, object(replace)],
]

function routeOf({ method, url }: Request): { handle: Handler; path: string } | undefined {
  const asked = method === 'HEAD' ? 'GET' : method
  for (const [wanted, pattern, handle] of routes) {
    const found = wanted === asked ? pattern.exec(url.pathname) : null
    if (found) return { handle, path: found[1] ?? '' }
  }
  return undefined
}
