package dev.rookery.auth;

import dev.rookery.auth.SessionStore.NewSession;
import dev.rookery.base.ComparedText;
import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.base.Text;
import dev.rookery.base.VisibleText;
import dev.rookery.email.EmailQueue;
import dev.rookery.player.Credentials;
import dev.rookery.player.Identity;
import dev.rookery.player.Provider;
import dev.rookery.player.ProviderLinks;
import dev.rookery.player.VerifiedProfile;
import dev.rookery.provider.Profile;
import dev.rookery.store.Database;
import dev.rookery.store.StatementException;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** Signs players in with verified profiles, and links these to players. */
final class ProviderSignIns {
  // Another node may create or link the same player at the same moment; the next try finds them.
  private static final int TRIES_MAX = 4;
  private static final int PICTURE_MAX = 512;

  private final Database database;
  private final AuthSettings settings;
  private final Credentials identities;
  private final ProviderLinks links;
  private final SessionOpener sessionOpener;
  private final TokenIssuer tokens;
  private final EmailQueue emails;
  private final EmailTemplates templates;

  ProviderSignIns(
      Database database,
      AuthDependencies parts,
      Credentials identities,
      ProviderLinks links,
      SessionOpener sessionOpener) {
    this.database = database;
    this.settings = parts.settings();
    this.identities = identities;
    this.links = links;
    this.sessionOpener = sessionOpener;
    this.tokens = new TokenIssuer(parts);
    this.emails = parts.emailQueue();
    this.templates = new EmailTemplates(settings);
  }

  /**
   * A player who is signed in.
   *
   * @param ended sessions that ended because the player has too many
   * @param created whether the player is new
   * @param linkedByEmail whether the provider was linked because of the email address
   */
  record SignInResult(
      Identity player,
      SessionId session,
      List<SessionId> ended,
      boolean created,
      boolean linkedByEmail) {}

  /**
   * Signs in the player who is linked to the profile; else the one with its email address, if both
   * sides have verified it; else a new one.
   *
   * @param also runs in the same transaction
   */
  SignInResult signIn(
      VerifiedProfile profile, Client client, BiConsumer<Transaction, SignInResult> also) {
    identities.prepareToCreate(database);
    SessionId session = tokens.newSessionId();
    String method = profile.provider().name().toLowerCase(Locale.ROOT);
    SignInResult signedIn =
        write(
            tx -> {
              Optional<Identity> linked = links.findLinked(tx, profile);
              Optional<Identity> known = linked.or(() -> links.linkByEmail(tx, profile));
              Identity player =
                  sessionOpener.requireNotBanned(known.orElseGet(() -> links.create(tx, profile)));
              var opened = List.of(new NewSession(session, player.player(), client));
              var ended = sessionOpener.open(tx, method, opened);
              boolean byEmail = linked.isEmpty() && known.isPresent();
              var result = new SignInResult(player, session, ended, known.isEmpty(), byEmail);
              also.accept(tx, result);
              return result;
            });
    sessionOpener.publishEnded(signedIn.ended);
    if (signedIn.linkedByEmail && profile.email() != null) {
      notifyByEmail(
          signedIn.player.player(), client.language(), profile.email(), profile.provider());
    }
    return signedIn;
  }

  /**
   * Links the profile to the player.
   *
   * @param also runs in the same transaction
   */
  void link(PlayerId player, VerifiedProfile profile, Consumer<Transaction> also) {
    String address =
        write(
            tx -> {
              String before = links.link(tx, player, profile);
              also.accept(tx);
              return before;
            });
    if (!address.isEmpty()) {
      notifyByEmail(player, "", address, profile.provider());
    }
  }

  /** The player must learn of a new sign-in method, in case somebody else has added it. */
  private void notifyByEmail(
      PlayerId player, String clientLanguage, String address, Provider provider) {
    String chosen = identities.findLanguage(database, player);
    String language = chosen.isEmpty() ? clientLanguage : chosen;
    emails.send(templates.providerLinked(address, language, provider));
  }

  private <T> T write(Function<Transaction, T> work) {
    try {
      return database.writeRetryingDuplicates(TRIES_MAX, work);
    } catch (StatementException failed) {
      if (failed.isDuplicate()) {
        throw new Refused(new Refusal.Unavailable("try_again"));
      }
      throw failed;
    }
  }

  /**
   * The profile without fields that do not meet the rules of this server; the name is cleaned. A
   * profile without a usable id is refused as {@code Denied("profile_incomplete")}.
   */
  VerifiedProfile verified(Provider provider, Profile profile) {
    Limits limits = settings.limits();
    if (!Text.isStorable(profile.id())) {
      throw Refused.denied("profile_incomplete");
    }
    String email = ComparedText.email(profile.email());
    return new VerifiedProfile(
        provider,
        profile.id(),
        CredentialRules.isNewEmail(email, limits) ? email : null,
        VisibleText.clean(profile.name(), limits.displayNameMax()),
        isPicture(profile.picture()) ? profile.picture() : "");
  }

  private static boolean isPicture(String address) {
    return address.startsWith("https://")
        && address.length() <= PICTURE_MAX
        && Text.isWellFormed(address)
        && address.chars().noneMatch(c -> c <= ' ' || c == '"' || c == '<' || c == '>');
  }
}
