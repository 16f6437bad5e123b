package dev.rookery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The image is built of a few folders alone, and needs those that the build reads. */
final class DockerfileTest {
  private static final Pattern COPY = Pattern.compile("(?m)^COPY (?!--from)(.+) \\S+$");
  private static final Pattern RESOURCES =
      Pattern.compile("<resource>\\s*<directory>([^<]+)</directory>");

  @Test
  void whatIsCopiedIsInTheContextOfTheBuild() throws IOException {
    List<String> ignored = Files.readAllLines(Path.of(".dockerignore"));

    assertThat(ignored).startsWith("*");
    assertThat(copied()).contains("pom.xml", "src");
    for (String source : copied()) {
      assertThat(Path.of(source)).exists();
      assertThat(ignored).contains("!" + Path.of(source).getName(0));
    }
  }

  @Test
  void theBuildHasTheFoldersOfItsResources() throws IOException {
    List<String> folders =
        RESOURCES
            .matcher(Files.readString(Path.of("pom.xml")))
            .results()
            .map(found -> Path.of(found.group(1)).getName(0).toString())
            .toList();

    assertThat(folders).isNotEmpty();
    assertThat(copied()).containsAll(folders);
  }

  private static List<String> copied() throws IOException {
    return COPY.matcher(Files.readString(Path.of("Dockerfile")))
        .results()
        .map(line -> line.group(1))
        .flatMap(sources -> Stream.of(sources.split(" ")))
        .toList();
  }
}
