package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.extensionhost.ExtensionCommand;
import dev.rookery.extensionhost.ExtensionCommand.Listing;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deploys extensions: upload, activate, roll back, remove. */
final class ExtensionDeployPages implements ConsoleSection {
  static final String UPLOAD = ExtensionPages.PATH + "/upload";

  /** For the other fields of the form of an upload. */
  private static final int FIELDS_BYTES_MAX = 64 << 10;

  private static final String NAME = "name";
  private static final String JAR = "jar";

  private final Bus bus;
  private final Changes changes;
  private final int jarBytesMax;

  ExtensionDeployPages(Bus bus, Changes changes, int jarBytesMax) {
    this.bus = bus;
    this.changes = changes;
    this.jarBytesMax = jarBytesMax;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(
        UPLOAD,
        Permission.EXTENSIONS_DEPLOY,
        _ -> Future.succeededFuture(uploadPage(uploadForm())));
    console.upload(
        UPLOAD, Permission.EXTENSIONS_DEPLOY, jarBytesMax + FIELDS_BYTES_MAX, this::upload);
    String extension = ExtensionPages.EXTENSION;
    console.action(extension + "/activate/:digest", Permission.EXTENSIONS_DEPLOY, this::activate);
    console.action(extension + "/rollback", Permission.EXTENSIONS_DEPLOY, this::rollBack);
    console.action(extension + "/remove", Permission.EXTENSIONS_DEPLOY, this::remove);
    console.message("extension-deployed", "All nodes run this version now.");
    console.message("extension-removed", "The extension was taken out of service on all nodes.");
  }

  private Future<Listing> find(ConsoleRequest request) {
    return ExtensionPages.find(bus, request);
  }

  private static FormView uploadForm() {
    return UploadForm.of(
        UPLOAD,
        List.of(
            FormView.Field.of(NAME, "Name of the extension", "text", "").needed(),
            UploadForm.file(JAR, "Jar").needed()),
        "the name of the extension",
        "Upload and deploy",
        ExtensionPages.PATH);
  }

  private static ConsoleView uploadPage(FormView form) {
    return RecordPage.of(
            List.of(new Link("Extensions", ExtensionPages.PATH)),
            List.of(
                Section.form("upload", "Upload a jar", form)
                    .withNote(
                        "All nodes start it beside the version that runs and switch together. If"
                            + " one of them cannot start it, nothing changes.")))
        .render("Upload an extension");
  }

  private Future<ConsoleView> upload(ConsoleRequest request) {
    String name = request.field(NAME).strip();
    return UploadForm.submit(
        request,
        uploadForm(),
        name,
        ExtensionDeployPages::uploadPage,
        () -> {
          byte[] jar = UploadForm.require(request, JAR);
          return changes
              .make(
                  request,
                  new ExtensionCommand.Upload(name, jar),
                  "admin_upload_extension",
                  "extensions/" + name,
                  Changes.values("bytes", jar.length))
              .map(_ -> ConsoleView.done(ExtensionPages.path(name), "extension-deployed"));
        });
  }

  private Future<ConsoleView> activate(ConsoleRequest request) {
    return deployAgain(request, request.path("digest"), "Activate this version of ");
  }

  private Future<ConsoleView> rollBack(ConsoleRequest request) {
    return deployAgain(request, null, "Roll back ");
  }

  private Future<ConsoleView> deployAgain(
      ConsoleRequest request, @Nullable String digest, String verb) {
    return find(request)
        .compose(
            listing ->
                Confirmation.level2(
                        verb + listing.name() + "?",
                        (digest == null
                                ? "The version before the current one"
                                : "The version with the digest " + digest)
                            + " takes over on all "
                            + listing.nodes().size()
                            + " nodes. What the current one has stored stays.",
                        verb + listing.name(),
                        listing.name())
                    .ask(
                        request,
                        ExtensionPages.path(listing.name()),
                        ConsoleView.done(ExtensionPages.path(listing.name()), "extension-deployed"),
                        () ->
                            changes.make(
                                request,
                                new ExtensionCommand.Rollback(listing.name(), digest),
                                "admin_rollback_extension",
                                "extensions/" + listing.name(),
                                Changes.values("digest", digest))));
  }

  private Future<ConsoleView> remove(ConsoleRequest request) {
    return find(request)
        .compose(
            listing ->
                Confirmation.level2(
                        "Remove " + listing.name() + "?",
                        "Its functions, hooks, jobs and pages stop on all nodes. Its versions stay"
                            + " and can be activated again.",
                        "Remove " + listing.name(),
                        listing.name())
                    .ask(
                        request,
                        ExtensionPages.path(listing.name()),
                        ConsoleView.done(ExtensionPages.PATH, "extension-removed"),
                        () ->
                            changes.make(
                                request,
                                new ExtensionCommand.Remove(listing.name()),
                                "admin_remove_extension",
                                "extensions/" + listing.name())));
  }
}
