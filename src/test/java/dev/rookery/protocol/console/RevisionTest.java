package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of admins who change the same thing at the same time, one does and the others are told. */
final class RevisionTest {
  private static final int ROUNDS = 5;
  private static final int WRITERS = 4;
  private static final List<ConsoleSite> SITES = new ArrayList<>();

  /** Something that has a revision. */
  private record Thing(String path, String field, String api) {}

  static Stream<ConsoleSite> sites() {
    return SITES.stream();
  }

  @BeforeAll
  static void start() {
    SITES.addAll(ConsoleSite.startAll(Map.of()));
  }

  @AfterAll
  static void stop() {
    SITES.forEach(ConsoleSite::stop);
  }

  private static List<Thing> things(ConsoleSite site) throws Exception {
    long lobby = create(site, "/api/v1/lobbies", JsonObject.of("title", "one"));
    long group = create(site, "/api/v1/groups", JsonObject.of("title", "one"));
    long board =
        create(site, "/api/v1/admin/leaderboards", JsonObject.of("slug", "board", "title", "one"));
    long achievement =
        create(site, "/api/v1/admin/achievements", JsonObject.of("slug", "first", "title", "one"));
    return List.of(
        new Thing("/admin/lobbies/" + lobby, "title", "/api/v1/admin/lobbies/" + lobby),
        new Thing("/admin/groups/" + group, "title", "/api/v1/admin/groups/" + group),
        new Thing("/admin/leaderboards/" + board, "title", "/api/v1/admin/leaderboards/" + board),
        new Thing(
            "/admin/achievements/" + achievement,
            "title",
            "/api/v1/admin/achievements/" + achievement));
  }

  private static long create(ConsoleSite site, String path, JsonObject body) throws Exception {
    return ConsoleSite.id(site.owner().post(path, body));
  }

  @ParameterizedTest
  @MethodSource("sites")
  void savesOneOfSeveralChangesOfTheSameRevision(ConsoleSite site) throws Exception {
    for (Thing thing : things(site)) {
      String etag = send(site, thing.api(), "GET", "", "").headers().firstValue("etag").orElse("");
      for (int round = 0; round < ROUNDS; round++) {
        String read = etag;
        assertThat(read).as(thing.api()).matches("\"[0-9]+\"");
        List<HttpResponse<String>> answers =
            atOnce(
                writer ->
                    send(
                        site,
                        thing.api(),
                        "PATCH",
                        read,
                        JsonObject.of(thing.field(), "by " + writer).encode()));
        assertThat(answers)
            .as(thing.api())
            .extracting(HttpResponse::statusCode)
            .containsOnlyOnce(200)
            .containsOnly(200, 412);
        HttpResponse<String> saved =
            answers.stream().filter(answer -> answer.statusCode() == 200).findFirst().orElseThrow();
        etag = saved.headers().firstValue("etag").orElseThrow();
        assertThat(etag).isNotEqualTo(read);
        assertThat(answers.stream().filter(answer -> answer.statusCode() == 412))
            .allMatch(answer -> answer.body().contains("revision_conflict"));
      }
      assertThat(send(site, thing.api(), "PATCH", "", "{}").statusCode()).isEqualTo(200);
      assertThat(send(site, thing.api(), "PATCH", "*", "{}").statusCode()).isEqualTo(200);
      assertThat(send(site, thing.api(), "PATCH", "\"a\", \"b\"", "{}").statusCode())
          .isEqualTo(400);
      site.owner().send("DELETE", thing.api(), null);
    }
  }

  @ParameterizedTest
  @MethodSource("sites")
  void showsTheConflictToAllButOneOfSeveralForms(ConsoleSite site) throws Exception {
    var forms = new ArrayList<>(things(site));
    long party = create(site, "/api/v1/parties", new JsonObject());
    forms.add(new Thing("/admin/parties/" + party, "max_size", ""));
    for (Thing thing : forms) {
      boolean number = thing.field().equals("max_size");
      for (int round = 0; round < ROUNDS; round++) {
        String page = site.admin().get(thing.path() + "/edit").body();
        String token = ConsoleBrowser.csrfToken(page);
        String revision = find(page, "name=\"_revision\" value=\"(\\d+)\"");
        String read = find(page, "name=\"_read." + thing.field() + "\" value=\"([^\"]*)\"");
        int start = number ? 10 + round * WRITERS : 0;
        List<HttpResponse<String>> answers =
            atOnce(
                writer ->
                    site.admin()
                        .post(
                            thing.path() + "/edit",
                            token,
                            "_revision",
                            revision,
                            "_read." + thing.field(),
                            read,
                            thing.field(),
                            number ? Integer.toString(start + writer) : "form " + writer));
        assertThat(answers)
            .as(thing.path())
            .extracting(HttpResponse::statusCode)
            .containsOnlyOnce(303)
            .containsOnly(303, 409);
        assertThat(answers.stream().filter(answer -> answer.statusCode() == 409))
            .allMatch(answer -> answer.body().contains("Somebody else saved meanwhile"));
      }
      if (!thing.api().isEmpty()) {
        site.owner().send("DELETE", thing.api(), null);
      }
    }
    site.owner().post("/api/v1/parties/leave", new JsonObject());
  }

  private static String find(String text, String pattern) {
    var found = Pattern.compile(pattern).matcher(text);
    assertThat(found.find()).as(pattern + " in " + text).isTrue();
    return found.group(1);
  }

  private static HttpResponse<String> send(
      ConsoleSite site, String path, String method, String ifMatch, String body) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + site.node().port() + path))
            .header("authorization", "Bearer " + site.owner().token())
            .header("content-type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    if (!ifMatch.isEmpty()) {
      request.header("if-match", ifMatch);
    }
    return site.node().send(request.build());
  }

  private static List<HttpResponse<String>> atOnce(IntFunction<HttpResponse<String>> writer) {
    var barrier = new CyclicBarrier(WRITERS);
    List<CompletableFuture<HttpResponse<String>>> all =
        IntStream.range(0, WRITERS)
            .mapToObj(
                number ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          try {
                            barrier.await();
                          } catch (Exception broken) {
                            throw new AssertionError(broken);
                          }
                          return writer.apply(number);
                        },
                        task -> Thread.ofVirtual().start(task)))
            .toList();
    return all.stream().map(CompletableFuture::join).toList();
  }
}
