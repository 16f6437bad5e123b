package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** The sizes of the files of the console, and rules of its style sheet. */
final class ConsoleBudgetTest {
  private static byte[] read(String file) {
    try (InputStream content = ConsoleAssets.class.getResourceAsStream("/console/" + file)) {
      return content.readAllBytes();
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
  }

  private static int compressed(byte[] content) {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return bytes.size();
  }

  @Test
  void scriptsStyleAndIconsStayWithinTheirBudgets() {
    List<byte[]> scripts =
        ConsoleAssets.FILES.stream()
            .filter(file -> file.endsWith(".mjs"))
            .map(ConsoleBudgetTest::read)
            .toList();
    assertThat(scripts.stream().mapToInt(script -> script.length).sum()).isLessThan(90 << 10);
    assertThat(scripts.stream().mapToInt(ConsoleBudgetTest::compressed).sum()).isLessThan(28 << 10);
    assertThat(read("console.css")).hasSizeLessThan(40 << 10);
    assertThat(compressed(read("console.css"))).isLessThan(9 << 10);
    assertThat(read("icons.svg")).hasSizeLessThan(12 << 10);
  }

  @Test
  void styleFollowsTheDirectionOfTheText() {
    assertThat(new String(read("console.css"), StandardCharsets.UTF_8))
        .doesNotContainPattern("(margin|padding|border|inset)-(left|right)")
        .doesNotContainPattern("text-align: (left|right)")
        .doesNotContainPattern("[{;]\\s*(left|right):");
  }
}
