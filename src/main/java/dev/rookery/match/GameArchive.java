package dev.rookery.match;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads the static files of a game from a ZIP archive. Nothing is written to a disk, sizes are
 * checked before and while a file is unpacked, and whatever the archive says twice must agree.
 * Archives that are encrypted, split, or larger than the original format allows are refused.
 */
final class GameArchive {
  static final int BYTES_MAX = 16 << 20;

  /** Larger files must not be more compressed than this; text and images never are. */
  private static final int RATIO_MAX = 200;

  private static final int RATIO_FROM_BYTES = 1 << 20;

  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int COMMENT_MAX = 0xffff;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;

  private static final int ENCRYPTED = 1;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int UNIX = 3;
  private static final int TYPE_MASK = 0xf000;
  private static final int REGULAR = 0x8000;
  private static final int FOLDER = 0x4000;
  private static final long WIDE = 0xffffffffL;

  private final ByteBuffer zip;
  private final GameFiles files = new GameFiles();

  private GameArchive(byte[] zip) {
    this.zip = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * @throws dev.rookery.base.Refused {@code Denied("game_rejected")} with what is wrong
   */
  static List<GameFile> read(byte[] zip) {
    if (zip.length > BYTES_MAX) {
      throw GameFiles.rejected("the archive has more than " + BYTES_MAX + " bytes");
    }
    var archive = new GameArchive(zip);
    try {
      archive.readEntries();
    } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException damaged) {
      throw GameFiles.rejected("the archive of the static files is damaged");
    }
    return archive.files.complete();
  }

  private void readEntries() {
    int end = findEnd();
    int count = zip.getShort(end + 10) & 0xffff;
    long offset = zip.getInt(end + 16) & WIDE;
    boolean split = zip.getShort(end + 4) != 0 || (zip.getShort(end + 8) & 0xffff) != count;
    if (split || count == 0xffff || offset == WIDE) {
      throw GameFiles.rejected("the archive is split, or in the ZIP64 format");
    }
    int at = Math.toIntExact(offset);
    for (int i = 0; i < count; i++) {
      if (zip.getInt(at) != ENTRY_SIGNATURE) {
        throw GameFiles.rejected("the directory of the archive is damaged");
      }
      int nameLength = zip.getShort(at + 28) & 0xffff;
      readEntry(at, name(at + ENTRY_BYTES, nameLength));
      at +=
          ENTRY_BYTES
              + nameLength
              + (zip.getShort(at + 30) & 0xffff)
              + (zip.getShort(at + 32) & 0xffff);
    }
  }

  private int findEnd() {
    int last = zip.limit() - END_BYTES;
    for (int at = last; at >= Math.max(0, last - COMMENT_MAX); at--) {
      if (zip.getInt(at) == END_SIGNATURE) {
        return at;
      }
    }
    throw GameFiles.rejected("the static files are no ZIP archive");
  }

  private String name(int from, int length) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(zip.slice(from, length)).toString();
    } catch (CharacterCodingException _) {
      throw GameFiles.rejected("the path of a file is not UTF-8");
    }
  }

  private void readEntry(int at, String name) {
    boolean folder = name.endsWith("/");
    String path = folder ? name.substring(0, name.length() - 1) : name;
    GameFiles.check(path);
    checkType(at, path, folder);
    if (folder || GameFiles.isIgnored(path)) {
      return;
    }
    long packed = zip.getInt(at + 20) & WIDE;
    long size = zip.getInt(at + 24) & WIDE;
    files.reserve(path, size);
    if (size > RATIO_FROM_BYTES && size / RATIO_MAX > packed) {
      throw GameFiles.rejected("\"" + path + "\" is compressed more than " + RATIO_MAX + " times");
    }
    int from = Math.toIntExact(zip.getInt(at + 42) & WIDE);
    int localName = zip.getShort(from + 26) & 0xffff;
    if (zip.getInt(from) != LOCAL_SIGNATURE
        || !name(from + LOCAL_BYTES, localName).equals(name)
        || zip.getShort(from + 8) != zip.getShort(at + 10)) {
      throw GameFiles.rejected("\"" + path + "\" is not what the directory of the archive says");
    }
    int data = from + LOCAL_BYTES + localName + (zip.getShort(from + 28) & 0xffff);
    ByteBuffer content = zip.slice(data, Math.toIntExact(packed));
    byte[] unpacked = unpack(path, zip.getShort(at + 10), content, (int) size);
    var crc = new CRC32();
    crc.update(unpacked);
    if (crc.getValue() != (zip.getInt(at + 16) & WIDE)) {
      throw damaged(path);
    }
    files.add(path, unpacked);
  }

  /** A link would be a file whose content is the name of another. */
  private void checkType(int at, String path, boolean folder) {
    if ((zip.getShort(at + 8) & ENCRYPTED) != 0) {
      throw GameFiles.rejected("\"" + path + "\" is encrypted");
    }
    int system = zip.get(at + 5);
    int type = (zip.getInt(at + 38) >>> 16) & TYPE_MASK;
    if (system == UNIX && type != 0 && type != (folder ? FOLDER : REGULAR)) {
      throw GameFiles.rejected("\"" + path + "\" is a link, or another file that is not regular");
    }
  }

  private static byte[] unpack(String path, int method, ByteBuffer packed, int size) {
    byte[] unpacked = new byte[size];
    if (method == STORED) {
      if (packed.remaining() != size) {
        throw damaged(path);
      }
      packed.get(unpacked);
      return unpacked;
    }
    if (method != DEFLATED) {
      throw GameFiles.rejected("\"" + path + "\" is compressed in a way that is not supported");
    }
    var inflater = new Inflater(true);
    try {
      inflater.setInput(packed);
      int done = 0;
      while (done < size) {
        int more = inflater.inflate(unpacked, done, size - done);
        if (more == 0) {
          throw damaged(path);
        }
        done += more;
      }
      if (!inflater.finished() && inflater.inflate(new byte[1]) > 0) {
        throw GameFiles.rejected("\"" + path + "\" is larger than the archive says");
      }
      return unpacked;
    } catch (DataFormatException _) {
      throw damaged(path);
    } finally {
      inflater.end();
    }
  }

  private static RuntimeException damaged(String path) {
    return GameFiles.rejected("\"" + path + "\" is damaged");
  }
}
