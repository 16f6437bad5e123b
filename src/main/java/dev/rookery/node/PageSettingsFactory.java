package dev.rookery.node;

import dev.rookery.config.NodeConfig;
import dev.rookery.email.EmailSender;
import dev.rookery.email.PreviewEmailSender;
import dev.rookery.protocol.page.PageSettings;
import dev.rookery.protocol.page.Theme;

/** Creates the settings of the HTML pages. */
final class PageSettingsFactory {
  private PageSettingsFactory() {}

  static PageSettings of(NodeServices services, EdgeFactory edge, String secret) {
    NodeConfig config = services.config();
    EmailSender emailSender = services.email();
    boolean preview = config.mail().preview() && emailSender instanceof PreviewEmailSender;
    return new PageSettings(
        theme(config),
        config.limits(),
        edge.clientAddress(),
        config.http().publicUrl(0).startsWith("https:"),
        secret,
        preview ? ((PreviewEmailSender) emailSender)::recent : null,
        config.production(),
        services.translations(),
        services::publicUrl);
  }

  /**
   * @throws IllegalArgumentException if the theme file cannot be read
   */
  static Theme theme(NodeConfig config) {
    String game = config.mail().fromName();
    var file = config.pages().theme();
    return file == null ? Theme.standard(game) : Theme.read(file, game);
  }
}
