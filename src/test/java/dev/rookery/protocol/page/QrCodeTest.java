package dev.rookery.protocol.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.ChecksumException;
import com.google.zxing.FormatException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.decoder.Decoder;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class QrCodeTest {
  private static final Pattern RUN = Pattern.compile("M(\\d+) (\\d+)h(\\d+)v1h-(\\d+)z");

  @Test
  void isReadBackFromTheAttributesOfTheSvg() throws ChecksumException, FormatException {
    String text = "otpauth://totp/Rookery?secret=" + "A7".repeat(16) + "&issuer=Rookery";
    QrCode code = QrCode.of(text);
    int modules = code.size() - 2 * QrCode.QUIET_ZONE;
    var matrix = new BitMatrix(modules);
    var run = RUN.matcher(code.path());
    int end = 0;
    while (run.find()) {
      assertThat(run.start()).isEqualTo(end);
      assertThat(run.group(3)).isEqualTo(run.group(4));
      int x = Integer.parseInt(run.group(1)) - QrCode.QUIET_ZONE;
      int y = Integer.parseInt(run.group(2)) - QrCode.QUIET_ZONE;
      matrix.setRegion(x, y, Integer.parseInt(run.group(3)), 1);
      end = run.end();
    }
    assertThat(end).isEqualTo(code.path().length());
    assertThat(new Decoder().decode(matrix).getText()).isEqualTo(text);
  }
}
