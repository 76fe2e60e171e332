// What happens while a published data set is got, for people and as NDJSON.

export type GetEvent =
  | {
      readonly event: 'get_started'
      readonly name: string
      readonly folder: string
      readonly address: string
    }
  /** `from`: bytes that an earlier try has left. */
  | {
      readonly event: 'download_started'
      readonly file: string
      readonly bytes: number
      readonly from: number
    }
  /** At most about four a second. */
  | {
      readonly event: 'download_progress'
      readonly file: string
      readonly bytes: number
      readonly total: number
    }
  /** Tried again after so many seconds, from byte `from`. */
  | {
      readonly event: 'download_retried'
      readonly file: string
      readonly reason: string
      readonly seconds: number
      readonly from: number
    }
  /** Whole, and its checksum is right; `kept`: it was there before. */
  | { readonly event: 'download_done'; readonly file: string; readonly md5: string; readonly kept: boolean }
  | { readonly event: 'unpacked'; readonly files: number; readonly bytes: number }
  | {
      readonly event: 'got'
      readonly name: string
      readonly folder: string
      readonly bytes: number
      readonly seconds: number
      /** It was there before; `checked`: and every byte of it is right. */
      readonly already: boolean
      readonly checked: boolean
    }
