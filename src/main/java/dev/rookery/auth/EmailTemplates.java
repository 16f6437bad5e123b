package dev.rookery.auth;

import dev.rookery.base.VisibleText;
import dev.rookery.email.Email;
import dev.rookery.player.Provider;
import dev.rookery.translation.Catalogue;
import dev.rookery.translation.Message;
import dev.rookery.translation.Translations;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Creates the emails of the auth domain, in plain text, in the language of a tag; an empty tag is
 * the default language. An email with a token shows it as a code, for clients that ask for it, and
 * as a link where the server has pages. Following the link changes nothing until the person presses
 * a button, because mail scanners follow links too.
 */
final class EmailTemplates {
  private static final int PRODUCT_NAME_MAX = 80;
  private static final String PRODUCT = "product";

  private final Translations translations;
  private final String productName;
  private final Supplier<String> pagesUrl;

  EmailTemplates(AuthSettings settings) {
    this.translations = settings.translations();
    // A line break would end the subject.
    this.productName = VisibleText.clean(settings.productName(), PRODUCT_NAME_MAX);
    this.pagesUrl = settings.pagesUrl();
  }

  Email confirmRegistration(String to, String language, String token) {
    return withToken(
        to,
        language,
        Message.of("Confirm your email address"),
        withProduct(
            Message.of(
                "Thanks for registering at {product}. Confirm your email address to create your"
                    + " account.")),
        "/users/confirm/" + token,
        EmailToken.Kind.REGISTER);
  }

  Email test(String to, String language) {
    Catalogue texts = translations.of(language);
    return new Email(
        to,
        texts.translate(withProduct(Message.of("Test of {product}"))),
        texts.translate(
                withProduct(
                    Message.of(
                        "This is a test that an admin of {product} has sent to themselves. Emails"
                            + " of the server arrive.")))
            + "\n");
  }

  Email alreadyRegistered(String to, String language) {
    return notice(
        to,
        language,
        Message.of("You already have an account"),
        withProduct(
            Message.of(
                "Somebody tried to register at {product} with this email address, but it already"
                    + " has an account.")),
        Message.of(
            "If this was you, sign in instead, or reset your password if you forgot it. Otherwise"
                + " you can ignore this email."));
  }

  Email magicLink(String to, String language, String token) {
    return withToken(
        to,
        language,
        withProduct(Message.of("Sign in to {product}")),
        withProduct(Message.of("Use this to sign in to {product}.")),
        "/users/log-in/" + token,
        EmailToken.Kind.SIGN_IN);
  }

  Email passwordReset(String to, String language, String token) {
    return withToken(
        to,
        language,
        Message.of("Reset your password"),
        withProduct(Message.of("Use this to set a new password for your {product} account.")),
        "/users/reset-password/" + token,
        EmailToken.Kind.RESET);
  }

  Email emailChange(String to, String language, String token) {
    return withToken(
        to,
        language,
        Message.of("Confirm your new email address"),
        withProduct(
            Message.of("Confirm this address as the new email address of your {product} account.")),
        "/users/settings/confirm-email/" + token,
        EmailToken.Kind.CHANGE);
  }

  Email passwordChanged(String to, String language) {
    return credentialChanged(
        to,
        language,
        Message.of("Your password was changed"),
        Message.of("The password of your {product} account was changed."));
  }

  Email emailChanged(String to, String language) {
    return credentialChanged(
        to,
        language,
        Message.of("Your email address was changed"),
        Message.of("The email address of your {product} account was changed."));
  }

  private Email credentialChanged(String to, String language, Message subject, Message what) {
    return notice(
        to,
        language,
        subject,
        withProduct(what),
        Message.of(
            "If this was not you, reset your password and check your active sessions in the account"
                + " settings."));
  }

  Email providerLinked(String to, String language, Provider provider) {
    String name = provider.name().charAt(0) + provider.name().substring(1).toLowerCase(Locale.ROOT);
    return notice(
        to,
        language,
        Message.of("{provider} account linked", "provider", name),
        withProduct(
                Message.of(
                    "A {provider} account was linked to your {product} account and can now be used"
                        + " to sign in."))
            .with("provider", name),
        Message.of(
            "If this was not you, unlink it in the account settings, reset your password and check"
                + " your active sessions."));
  }

  /**
   * @param lifetime of the link
   */
  Email invite(EmailCommand.SendInvite invite, String language, Duration lifetime) {
    Catalogue texts = translations.of(language);
    Message what =
        withProduct(
                Message.of(
                    "{name} invites you to the role “{role}” at {product}.", "role", invite.role()))
            .with("name", VisibleText.clean(invite.byName(), PRODUCT_NAME_MAX));
    String text =
        texts.translate(what)
            + "\n\n"
            + texts.translate(Message.of("Open this link, then sign in or create an account:"))
            + "\n"
            + pagesUrl.get().replaceAll("/+$", "")
            + invite.path()
            + "\n\n"
            + texts.translate(
                Message.of(
                    "It works once and expires after {time}. If you do not know who sent it, ignore"
                        + " this email.",
                    "time",
                    describe(lifetime)))
            + "\n";
    String subject =
        texts.translate(withProduct(Message.of("You are invited to help run {product}")));
    return new Email(invite.email(), subject, text);
  }

  private Message withProduct(Message message) {
    return message.with(PRODUCT, productName);
  }

  private Email notice(
      String to, String language, Message subject, Message what, Message otherwise) {
    Catalogue texts = translations.of(language);
    String text = texts.translate(what) + "\n\n" + texts.translate(otherwise) + "\n";
    return new Email(to, texts.translate(subject), text);
  }

  /**
   * @param path of the page, which ends with the token
   */
  private Email withToken(
      String to,
      String language,
      Message subject,
      Message purpose,
      String path,
      EmailToken.Kind kind) {
    Catalogue texts = translations.of(language);
    String token = path.substring(path.lastIndexOf('/') + 1);
    String baseUrl = pagesUrl.get().replaceAll("/+$", "");
    String link =
        baseUrl.isEmpty()
            ? ""
            : "\n"
                + texts.translate(Message.of("Or open this link:"))
                + "\n"
                + baseUrl
                + path
                + "\n";
    // The code is outside of the sentence, so that it stands alone in every language.
    String text =
        texts.translate(purpose)
            + "\n\n"
            + texts.translate(Message.of("Your code:"))
            + " "
            + token
            + "\n"
            + link
            + "\n"
            + texts.translate(
                Message.of(
                    "It works once and expires after {time}. If you did not request it, you can"
                        + " ignore this email.",
                    "time",
                    describe(kind.lifetime())))
            + "\n";
    return new Email(to, texts.translate(subject), text);
  }

  private static Message describe(Duration lifetime) {
    long days = lifetime.toDays();
    return days > 0
        ? Message.plural("{count} day", "{count} days", days)
        : Message.plural("{count} minute", "{count} minutes", lifetime.toMinutes());
  }
}
