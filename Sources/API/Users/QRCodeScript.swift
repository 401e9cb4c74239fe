/// A writer of QR codes for the enrolment page: the address with the token is known to the browser alone, so
/// it is drawn there, without anything from elsewhere.
enum QRCodeScript {
  static let text = """
    // A QR code (ISO/IEC 18004) of a text in bytes, with error correction M, in versions 1 to 10: rows of 0 and
    // 1, or null where the text is longer than 213 bytes. Any mask can be read; it is always the first one.
    function qrCode(text) {
      const bytes = [...new TextEncoder().encode(text)]
      const all = [26, 44, 70, 100, 134, 172, 196, 242, 292, 346]
      const checks = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26]
      const parts = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5]
      const room = v => all[v - 1] - checks[v - 1] * parts[v - 1]
      let version = 1
      while (version <= 10 && bytes.length + (version < 10 ? 2 : 3) > room(version)) version++
      if (version > 10) return null

      // Mode, length, bytes and end fill whole bytes together.
      const hex = (number, digits) => number.toString(16).padStart(digits, '0')
      const digits = '4' + hex(bytes.length, version < 10 ? 2 : 4) + bytes.map(b => hex(b, 2)).join('') + '0'
      const data = digits.match(/../g).map(pair => parseInt(pair, 16))
      for (let pad = 0xec; data.length < room(version); pad ^= 0xec ^ 0x11) data.push(pad)

      // Reed-Solomon over GF(256).
      const power = [1], log = []
      for (let i = 0; i < 255; i++) {
        log[power[i]] = i
        power.push(power[i] * 2 ^ (power[i] > 127 ? 0x11d : 0))
      }
      const times = (a, b) => a && b ? power[(log[a] + log[b]) % 255] : 0
      const count = checks[version - 1]
      let generator = [1]
      for (let i = 0; i < count; i++) {
        const next = [...generator, 0]
        generator.forEach((factor, index) => next[index + 1] ^= times(factor, power[i]))
        generator = next
      }
      const checksOf = part => {
        const rest = [...part, ...Array(count).fill(0)]
        for (let i = 0; i < part.length; i++) {
          const lead = rest[i]
          generator.forEach((factor, index) => rest[i + index] ^= times(factor, lead))
        }
        return rest.slice(part.length)
      }
      const blocks = []
      const short = Math.floor(data.length / parts[version - 1])
      const longs = data.length % parts[version - 1]
      for (let i = 0, start = 0; i < parts[version - 1]; i++) {
        const end = start + short + (i >= parts[version - 1] - longs ? 1 : 0)
        blocks.push(data.slice(start, end))
        start = end
      }
      const interleaved = lists => {
        const out = []
        for (let i = 0; i < Math.max(...lists.map(l => l.length)); i++)
          for (const list of lists) if (i < list.length) out.push(list[i])
        return out
      }
      const words = [...interleaved(blocks), ...interleaved(blocks.map(checksOf))]

      // What stands in every code of this version.
      const size = 17 + 4 * version
      const rows = Array.from({length: size}, () => Array(size).fill(null))
      const set = (x, y, bit) => { if (x >= 0 && y >= 0 && x < size && y < size) rows[y][x] = bit ? 1 : 0 }
      const square = (cx, cy, reach, isDark) => {
        for (let dy = -reach; dy <= reach; dy++)
          for (let dx = -reach; dx <= reach; dx++) set(cx + dx, cy + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))))
      }
      for (let i = 0; i < size; i++) { set(i, 6, i % 2 === 0); set(6, i, i % 2 === 0) }
      const centres = version === 1 ? [] : version < 7 ? [6, size - 7] : [6, (size - 1) / 2, size - 7]
      for (const x of centres)
        for (const y of centres)
          if (!(x === 6 && y === 6 || x === 6 && y === size - 7 || x === size - 7 && y === 6)) square(x, y, 2, d => d !== 1)
      for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(x, y, 4, d => d !== 2 && d !== 4)
      const checked = (value, length, divisor) => {
        let rest = value << length
        for (let bit = 31; bit >= length; bit--) if (rest >>> bit & 1) rest ^= divisor << bit - length
        return value << length | rest
      }
      const format = checked(0, 10, 0x537) ^ 0x5412
      for (let i = 0; i < 15; i++) {
        const bit = format >> i & 1
        if (i < 8) set(size - 1 - i, 8, bit); else set(8, size - 15 + i, bit)
        if (i < 6) set(8, i, bit); else if (i < 8) set(8, i + 1, bit)
        else if (i === 8) set(7, 8, bit); else set(14 - i, 8, bit)
      }
      set(8, size - 8, 1)
      const number = checked(version, 12, 0x1f25)
      for (let i = 0; version >= 7 && i < 18; i++) {
        set(size - 11 + i % 3, Math.floor(i / 3), number >> i & 1)
        set(Math.floor(i / 3), size - 11 + i % 3, number >> i & 1)
      }

      // The words, upwards and downwards in columns of two, under the mask.
      let bit = 0
      for (let right = size - 1; right > 0; right -= 2) {
        if (right === 6) right--
        for (let step = 0; step < size; step++)
          for (const x of [right, right - 1]) {
            const y = (right + 1 & 2) === 0 ? size - 1 - step : step
            if (rows[y][x] !== null) continue
            rows[y][x] = (words[bit >> 3] >> 7 - (bit & 7) & 1) ^ ((x + y) % 2 === 0 ? 1 : 0)
            bit++
          }
      }
      return rows
    }
    """
}
