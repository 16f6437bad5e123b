package dev.rookery.console;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.verifier.exception.MaliciousCounterValueException;
import dev.rookery.base.Refused;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Verifies what authenticators answer (Web Authentication, Level 3), with webauthn4j: the signature
 * over challenge, origin and host name, that the person was verified by the device, and that the
 * counter of signatures went on. Which maker the device has is not asked.
 *
 * <p>Refuses with {@code Denied("invalid_passkey")}, and with {@code Denied("passkey_copied")} if
 * the counter went back: then there are two of a device that is one.
 */
final class PasskeyVerifier {
  /** The algorithms of keys, the preferred first: ES256, EdDSA, RS256. */
  static final List<Integer> ALGORITHMS = List.of(-7, -8, -257);

  private static final int RESPONSE_MAX = 32 << 10;

  private static final List<PublicKeyCredentialParameters> PARAMETERS =
      Stream.of(
              COSEAlgorithmIdentifier.ES256,
              COSEAlgorithmIdentifier.EdDSA,
              COSEAlgorithmIdentifier.RS256)
          .map(
              algorithm ->
                  new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, algorithm))
          .toList();

  private final ObjectConverter converter = new ObjectConverter();
  private final WebAuthnManager manager = WebAuthnManager.createNonStrictWebAuthnManager(converter);
  private final AttestedCredentialDataConverter credentials =
      new AttestedCredentialDataConverter(converter);

  /** An answer whose signature is not verified yet. */
  static final class Answer {
    private final AuthenticationData data;

    private Answer(AuthenticationData data) {
      this.data = data;
    }

    String credentialId() {
      return base64(data.getCredentialId());
    }

    /** The challenge that the authenticator says it has signed. */
    String challenge() {
      return base64(
          Objects.requireNonNull(data.getCollectedClientData()).getChallenge().getValue());
    }
  }

  /** A new credential whose signature is not verified yet. */
  static final class NewAnswer {
    private final RegistrationData data;

    private NewAnswer(RegistrationData data) {
      this.data = data;
    }

    String challenge() {
      return base64(
          Objects.requireNonNull(data.getCollectedClientData()).getChallenge().getValue());
    }
  }

  NewAnswer readNew(String response) {
    return verified(
        () -> {
          var answer = new NewAnswer(manager.parseRegistrationResponseJSON(bounded(response)));
          Objects.requireNonNull(answer.challenge());
          return answer;
        });
  }

  Answer read(String response) {
    return verified(
        () -> {
          var answer = new Answer(manager.parseAuthenticationResponseJSON(bounded(response)));
          Objects.requireNonNull(answer.challenge());
          Objects.requireNonNull(answer.credentialId());
          return answer;
        });
  }

  private static String bounded(String response) {
    if (response.length() > RESPONSE_MAX) {
      throw new IllegalArgumentException("response is too long");
    }
    return response;
  }

  /** Returns the new credential if it was made for this challenge on a page of this server. */
  PasskeyCredential register(NewAnswer answer, RelyingParty party, String challenge) {
    return verified(
        () -> {
          manager.verify(
              answer.data,
              new RegistrationParameters(server(party, challenge), PARAMETERS, true, true));
          var authenticator =
              Objects.requireNonNull(answer.data.getAttestationObject()).getAuthenticatorData();
          AttestedCredentialData attested =
              Objects.requireNonNull(authenticator.getAttestedCredentialData());
          return new PasskeyCredential(
              base64(attested.getCredentialId()),
              base64(credentials.convert(attested)),
              authenticator.getSignCount(),
              authenticator.isFlagBE());
        });
  }

  /** Returns the counter after the use, if the credential has signed this challenge. */
  long use(Answer answer, PasskeyCredential credential, RelyingParty party, String challenge) {
    return verified(
        () -> {
          AttestedCredentialData attested =
              credentials.convert(Base64.getUrlDecoder().decode(credential.data()));
          var record =
              new CredentialRecordImpl(
                  new NoneAttestationStatement(),
                  true,
                  credential.backupEligible(),
                  null,
                  credential.counter(),
                  attested,
                  null,
                  null,
                  null,
                  Set.of());
          manager.verify(
              answer.data,
              new AuthenticationParameters(
                  server(party, challenge),
                  record,
                  List.of(attested.getCredentialId()),
                  true,
                  true));
          return Objects.requireNonNull(answer.data.getAuthenticatorData()).getSignCount();
        });
  }

  private static ServerProperty server(RelyingParty party, String challenge) {
    return ServerProperty.builder()
        .origin(new Origin(party.origin()))
        .rpId(party.id())
        .challenge(new DefaultChallenge(Base64.getUrlDecoder().decode(challenge)))
        .build();
  }

  private static <T> T verified(Supplier<T> work) {
    try {
      return work.get();
    } catch (MaliciousCounterValueException _) {
      throw Refused.denied("passkey_copied");
    } catch (RuntimeException _) {
      // Beside its own exceptions the library throws others where a field is missing.
      throw Refused.denied("invalid_passkey");
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
