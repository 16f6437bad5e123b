package dev.rookery.base;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileStampTest {
  @Test
  void listsRegularFilesOfTheNamesAskedFor(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("b.lua"), "return 1", UTF_8);
    Files.writeString(folder.resolve("a.lua"), "return 12", UTF_8);
    Files.writeString(folder.resolve("notes.txt"), "", UTF_8);
    Files.createDirectory(folder.resolve("folder.lua"));
    Files.createSymbolicLink(folder.resolve("gone.lua"), folder.resolve("missing"));

    var files = FileStamp.list(folder, name -> name.endsWith(".lua"));

    assertThat(files.keySet()).containsExactly("a.lua", "b.lua");
    assertThat(files.get("a.lua").bytes()).isEqualTo(9);
  }

  @Test
  void aFileThatReplacesAnotherWithItsSizeAndTimeHasAnotherStamp(@TempDir Path folder)
      throws IOException {
    Path file = Files.writeString(folder.resolve("a.lua"), "return 1", UTF_8);
    Path next = Files.writeString(folder.resolve("next"), "return 2", UTF_8);
    Files.setLastModifiedTime(next, Files.getLastModifiedTime(file));
    var before = FileStamp.list(folder, "a.lua"::equals);

    assertThat(FileStamp.list(folder, "a.lua"::equals)).isEqualTo(before);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(FileStamp.list(folder, "a.lua"::equals)).isNotEqualTo(before);
  }

  @Test
  void aMissingFolderAndAFileInItsPlaceHaveNoFiles(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "", UTF_8);

    assertThat(FileStamp.list(folder.resolve("missing"), _ -> true)).isEmpty();
    assertThat(FileStamp.list(file, _ -> true)).isEmpty();
  }
}
