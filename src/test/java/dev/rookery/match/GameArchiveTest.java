package dev.rookery.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives of static files as builds make them, and as nobody should. */
final class GameArchiveTest {
  private static final byte[] PAGE = "<!doctype html>".getBytes(StandardCharsets.UTF_8);

  @Test
  void readsFilesByPath() {
    byte[] zip = zip("index.html", "assets/entry-1a2b3c4d.js", ".DS_Store", "__MACOSX/x", "a/");

    List<GameFile> files = GameArchive.read(zip);

    assertThat(files)
        .extracting(GameFile::path)
        .containsExactly("assets/entry-1a2b3c4d.js", "index.html");
    assertThat(files.getLast().content()).isEqualTo(PAGE);
    assertThat(GameFiles.digest(files)).isEqualTo(GameFiles.digest(GameArchive.read(zip)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil.js",
        "assets/../../evil.js",
        "/etc/passwd",
        "C:/evil.js",
        "a\\b.js",
        "a//b.js",
        "./a.js",
        "a/.",
        "line\nbreak.js",
        "INDEX.html",
        "index.html/page.js",
      })
  void rejectsPathsThatLeadElsewhereOrCollide(String path) {
    assertThat(rejection(zip("index.html", path))).isNotEmpty();
  }

  @Test
  void rejectsTheSamePathTwice() {
    byte[] zip = replaced(zip("index.html", "ab.js", "ac.js"), "ac.js", "ab.js");

    assertThat(rejection(zip)).contains("occurs twice");
  }

  @Test
  void rejectsLinks() {
    byte[] zip = zip("index.html", "link.js");
    // The directory of the archive follows the files; its last entry is of the link.
    int entry = new String(zip, StandardCharsets.ISO_8859_1).lastIndexOf("PK\1\2");
    zip[entry + 5] = 3;
    zip[entry + 41] = (byte) 0xa1;

    assertThat(rejection(zip)).contains("is a link");
  }

  @Test
  void rejectsNamesThatTheDirectoryDoesNotHave() {
    byte[] zip = zip("index.html", "first.js");
    int local = new String(zip, StandardCharsets.ISO_8859_1).indexOf("first.js");
    zip[local] = 'w';

    assertThat(rejection(zip)).contains("not what the directory");
  }

  @Test
  void rejectsPlacesOutsideOfTheArchive() {
    byte[] zip = zip("index.html");
    byte[] beyond = zip.clone();
    // The highest byte of the place of the directory.
    beyond[new String(zip, StandardCharsets.ISO_8859_1).lastIndexOf("PK\5\6") + 19] = (byte) 0x80;
    assertThat(rejection(beyond)).contains("is damaged");
    // And of that of the file.
    zip[new String(zip, StandardCharsets.ISO_8859_1).lastIndexOf("PK\1\2") + 45] = (byte) 0x80;
    assertThat(rejection(zip)).contains("is damaged");
  }

  @Test
  void rejectsBombs() {
    var content = new LinkedHashMap<String, byte[]>();
    content.put("index.html", PAGE);
    content.put("zeros.js", new byte[4 << 20]);
    assertThat(rejection(zip(content))).contains("compressed more than");
    content.put("zeros.js", new byte[GameFiles.FILE_BYTES_MAX + 1]);
    assertThat(rejection(zip(content))).contains("has more than");
    content.clear();
    for (int i = 0; i <= GameFiles.FILES_MAX; i++) {
      content.put("file" + i, new byte[0]);
    }
    assertThat(rejection(zip(content))).contains("more than 1000 files");
  }

  @Test
  void rejectsWhatIsLargerThanItSays() {
    byte[] zip = zip("index.html");
    int entry = new String(zip, StandardCharsets.ISO_8859_1).lastIndexOf("PK\1\2");
    zip[entry + 24]--;

    assertThat(rejection(zip)).contains("larger than the archive says");
  }

  @Test
  void rejectsWhatIsNoArchive() {
    assertThat(rejection("nothing".getBytes(StandardCharsets.UTF_8))).contains("no ZIP archive");
    assertThat(rejection(zip("page.html"))).contains("no index.html");
    byte[] zip = zip("index.html");
    for (int i = 0; i < zip.length; i++) {
      byte[] damaged = zip.clone();
      damaged[i] ^= 0x55;
      try {
        assertThat(GameArchive.read(damaged)).hasSize(1);
      } catch (Refused refused) {
        assertThat(refused.refusal().code()).isEqualTo("game_rejected");
      }
    }
  }

  private static String rejection(byte[] zip) {
    Refused refused = catchThrowableOfType(Refused.class, () -> GameArchive.read(zip));
    return String.valueOf(((Refusal.Denied) refused.refusal()).details().get("message"));
  }

  /** An archive in which each file has the same content. */
  static byte[] zip(String... paths) {
    var files = new LinkedHashMap<String, byte[]>();
    for (String path : paths) {
      files.put(path, path.endsWith("/") ? new byte[0] : PAGE);
    }
    return zip(files);
  }

  private static byte[] zip(Map<String, byte[]> files) {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
        zip.closeEntry();
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static byte[] replaced(byte[] zip, String from, String to) {
    return new String(zip, StandardCharsets.ISO_8859_1)
        .replace(from, to)
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
