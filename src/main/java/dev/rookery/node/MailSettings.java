package dev.rookery.node;

import dev.rookery.config.NodeConfig;
import dev.rookery.mail.Post;
import dev.rookery.mail.Preview;
import dev.rookery.mail.Smtp;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.StartTLSOptions;

/** Configuration, in the words of the mail client. */
final class MailSettings {
  private static final int CONNECTIONS_MAX = 4;

  private MailSettings() {}

  static Post open(NodeConfig config, Vertx vertx) {
    var mail = config.mail();
    if (mail.relay() == null) {
      return new Preview(config.production(), mail.preview());
    }
    String address = mail.fromEmail();
    String from = address == null ? "noreply@" + config.http().publicHost() : address;
    var options =
        new MailConfig()
            .setHostname(mail.relay())
            .setPort(mail.port())
            .setSsl(mail.ssl())
            .setHostnameVerificationAlgorithm("HTTPS")
            .setMaxPoolSize(CONNECTIONS_MAX)
            .setStarttls(
                switch (mail.tls()) {
                  case NEVER -> StartTLSOptions.DISABLED;
                  case IF_AVAILABLE -> StartTLSOptions.OPTIONAL;
                  case ALWAYS -> StartTLSOptions.REQUIRED;
                });
    if (mail.username() != null && mail.password() != null) {
      options
          .setLogin(LoginOption.REQUIRED)
          .setUsername(mail.username())
          .setPassword(mail.password().value());
    } else {
      options.setLogin(LoginOption.DISABLED);
    }
    return new Smtp(vertx, options, "\"%s\" <%s>".formatted(plain(mail.fromName()), from));
  }

  /** Where links in letters lead; empty for nowhere. */
  static String pages(NodeConfig config, int listening) {
    String given = config.mail().pages();
    return given != null
        ? given
        : config.pages().enabled() ? config.http().publicUrl(listening) : "";
  }

  /** What cannot end the quotes it stands in. */
  private static String plain(String name) {
    return name.replaceAll("[\"\\\\\\p{Cntrl}]", "");
  }
}
