package dev.rookery.node;

import dev.rookery.config.NodeConfig;
import dev.rookery.console.RelyingParty;
import dev.rookery.email.EmailSender;
import dev.rookery.email.PreviewEmailSender;
import dev.rookery.protocol.page.AdminSignIn;
import dev.rookery.protocol.page.PageSettings;
import dev.rookery.protocol.page.Themes;
import dev.rookery.translation.Language;
import dev.rookery.translation.Translations;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Creates the settings of the HTML pages. */
final class PageSettingsFactory {
  private PageSettingsFactory() {}

  static PageSettings of(NodeServices services, EdgeFactory edge, String secret) {
    NodeConfig config = services.config();
    EmailSender emailSender = services.email();
    boolean preview = config.mail().preview() && emailSender instanceof PreviewEmailSender;
    return new PageSettings(
        services.themes(),
        config.limits(),
        edge.clientAddress(),
        config.http().publicUrl(0).startsWith("https:"),
        secret,
        preview ? ((PreviewEmailSender) emailSender)::recent : null,
        config.production(),
        services.translations(),
        config.staticFiles().folder(),
        services::publicUrl,
        adminSignIn(config, services::publicUrl),
        config.privacy().searchByEmail(),
        config.notifications().keptFor());
  }

  private static AdminSignIn adminSignIn(NodeConfig config, Supplier<String> publicUrl) {
    var admin = config.admin();
    return new AdminSignIn(
        admin.passwords() || admin.recoverOwner() != null,
        admin.oidc().issuer() == null ? "" : admin.oidc().name(),
        () -> RelyingParty.of(publicUrl.get()).isPresent());
  }

  /**
   * @throws IllegalArgumentException if the theme file cannot be read
   */
  static Themes themes(NodeConfig config, Translations translations, InstantSource clock) {
    return new Themes(
        config.pages().theme(),
        config.mail().fromName(),
        config.staticFiles().folder(),
        translations,
        clock);
  }

  /** Checks the files of the theme. */
  static void checkTheme(NodeConfig config) {
    var translations = new Translations(Language.ENGLISH.tag(), new SimpleMeterRegistry());
    var unused = themes(config, translations, InstantSource.system());
  }
}
