package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.translation.TranslatedText;
import dev.rookery.translation.TranslatedText.Status;
import dev.rookery.translation.TranslationCommand;
import dev.rookery.translation.TranslationCommand.Completeness;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The texts of pages and emails in all languages, for admins. */
final class AdminTranslationRoutes {
  private static final String DATA = "data";

  private final Limits limits;

  AdminTranslationRoutes(Limits limits) {
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_translation_languages", this::languages);
    routes.put("admin_list_translations", this::list);
    routes.put("admin_export_translations", this::export);
    routes.put("admin_get_translation", this::find);
    routes.put("admin_edit_translation", this::edit);
    routes.put("admin_reset_translation", this::reset);
  }

  private Future<Response> languages(ApiRequest request) {
    return request
        .ask(new TranslationCommand.ListLanguages())
        .map(
            languages -> {
              var data = new JsonArray();
              languages.forEach(language -> data.add(view(language)));
              return Response.ok(JsonObject.of(DATA, data));
            });
  }

  private static JsonObject view(Completeness one) {
    var domains = new JsonArray();
    one.domains()
        .forEach(
            domain ->
                domains.add(
                    JsonObject.of(
                        "domain", domain.domain(),
                        "texts", domain.texts(),
                        "translated", domain.translated(),
                        "edited", domain.edited())));
    return JsonObject.of(
        "language", one.language().tag(), "name", one.language().name(), "domains", domains);
  }

  private Future<Response> list(ApiRequest request) {
    var in = request.input();
    var filter = new TranslationCommand.Filter(in.text("domain"), status(in), in.text("q"));
    return request
        .ask(
            new TranslationCommand.ListTexts(
                language(request), filter, request.page(limits.pageSizeMax())))
        .map(page -> Response.ok(Views.page(page, AdminTranslationRoutes::view)));
  }

  private static @Nullable Status status(Input in) {
    String text = in.text("status");
    return text == null ? null : Status.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private static String language(ApiRequest request) {
    return request.input().textOrEmpty("language");
  }

  private static String id(ApiRequest request) {
    return request.input().textOrEmpty("id");
  }

  private static JsonObject view(TranslatedText text) {
    return new JsonObject()
        .put("id", text.id())
        .put("language", text.language())
        .put("domain", text.domain())
        .put("context", text.context())
        .put("text", text.text())
        .put("plural", text.plural())
        .put("catalogue", new JsonArray(text.catalogue()))
        .put("edited", new JsonArray(text.edited()))
        .put("status", text.status().text())
        .put("revision", text.revision())
        .put("updated_at", text.updatedMs() == 0 ? null : Views.time(text.updatedMs()));
  }

  private static Response answer(TranslatedText text) {
    return Response.ok(JsonObject.of(DATA, view(text)));
  }

  private Future<Response> export(ApiRequest request) {
    String language = language(request);
    return request
        .ask(new TranslationCommand.ExportCatalogue(language))
        .map(
            catalogue ->
                Response.ok(
                    JsonObject.of(
                        DATA, JsonObject.of("language", language, "catalogue", catalogue))));
  }

  private Future<Response> find(ApiRequest request) {
    return request
        .ask(new TranslationCommand.FindText(language(request), id(request)))
        .map(AdminTranslationRoutes::answer);
  }

  private Future<Response> edit(ApiRequest request) {
    List<String> forms = request.input().list("forms").stream().map(String::valueOf).toList();
    return request
        .ask(
            new TranslationCommand.EditText(
                language(request), id(request), forms, request.input().number("revision")))
        .map(AdminTranslationRoutes::answer);
  }

  private Future<Response> reset(ApiRequest request) {
    return request
        .ask(new TranslationCommand.ResetText(language(request), id(request)))
        .map(AdminTranslationRoutes::answer);
  }
}
