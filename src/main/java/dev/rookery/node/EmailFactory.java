package dev.rookery.node;

import dev.rookery.base.ServiceUrl;
import dev.rookery.config.NodeConfig;
import dev.rookery.email.EmailSender;
import dev.rookery.email.PreviewEmailSender;
import dev.rookery.email.SmtpEmailSender;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.StartTLSOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Creates the sender of email: the configured SMTP server, or the preview without one. */
final class EmailFactory {
  private static final int CONNECTIONS_MAX = 4;

  private EmailFactory() {}

  static EmailSender open(NodeConfig config, Vertx vertx) {
    var mail = config.mail();
    if (mail.relay() == null) {
      return new PreviewEmailSender(config.production(), mail.preview());
    }
    String relay = ServiceUrl.parseHost(mail.relay());
    String sni = mail.sni();
    String name = sni == null ? relay : ServiceUrl.parseHost(sni);
    String address = mail.fromEmail();
    String from = address == null ? "noreply@" + config.http().publicHost() : address;
    var options =
        new MailConfig()
            .setHostname(name)
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
    String sender = "\"%s\" <%s>".formatted(quotable(mail.fromName()), from);
    return name.equals(relay)
        ? new SmtpEmailSender(vertx, options, sender)
        : SmtpEmailSender.owningVertx(resolving(name, relay), options, sender);
  }

  /**
   * The mail client connects to the name that it expects in the server's certificate. Where that
   * differs from the name of the relay, it resolves to the relay's address in a Vert.x of its own.
   */
  private static Vertx resolving(String name, String relay) {
    String address;
    try {
      address = InetAddress.getByName(relay).getHostAddress();
    } catch (UnknownHostException unknown) {
      throw new IllegalStateException("the SMTP server " + relay + " cannot be resolved", unknown);
    }
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(1)
            .setAddressResolverOptions(
                new AddressResolverOptions()
                    .setHostsValue(Buffer.buffer(address + " " + name + "\n"))));
  }

  /** The base of links in emails; empty if there are no pages to link to. */
  static String linkBaseUrl(NodeConfig config, int listening) {
    String given = config.mail().pages();
    return given != null
        ? given
        : config.pages().enabled() ? config.http().publicUrl(listening) : "";
  }

  /** Removes what would end a quoted string. */
  private static String quotable(String name) {
    return name.replaceAll("[\"\\\\\\p{Cntrl}]", "");
  }
}
