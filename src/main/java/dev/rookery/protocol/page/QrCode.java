package dev.rookery.protocol.page;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;

/**
 * A QR code as attributes of an SVG, which need no image of another host, no script and no style.
 *
 * @param size the width and height in modules, with the quiet zone
 * @param path the dark modules, one subpath for each run in a row
 */
record QrCode(int size, String path) {
  /** The margin that the standard requires, in modules. */
  static final int QUIET_ZONE = 4;

  /** Encodes a text of at most some hundred characters. */
  static QrCode of(String text) {
    ByteMatrix modules;
    try {
      modules = Encoder.encode(text, ErrorCorrectionLevel.M).getMatrix();
    } catch (WriterException tooLong) {
      throw new IllegalArgumentException("no text for a QR code", tooLong);
    }
    var path = new StringBuilder();
    for (int y = 0; y < modules.getHeight(); y++) {
      int x = 0;
      while (x < modules.getWidth()) {
        int end = endOfRun(modules, x, y);
        if (modules.get(x, y) == 1) {
          int length = end - x;
          path.append('M')
              .append(x + QUIET_ZONE)
              .append(' ')
              .append(y + QUIET_ZONE)
              .append('h')
              .append(length)
              .append("v1h-")
              .append(length)
              .append('z');
        }
        x = end;
      }
    }
    return new QrCode(modules.getWidth() + 2 * QUIET_ZONE, path.toString());
  }

  private static int endOfRun(ByteMatrix modules, int x, int y) {
    int end = x + 1;
    while (end < modules.getWidth() && modules.get(end, y) == modules.get(x, y)) {
      end++;
    }
    return end;
  }
}
