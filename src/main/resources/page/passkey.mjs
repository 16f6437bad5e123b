// Passkeys: gets the options of the browser's dialog, and sends what the authenticator answers as a
// field of the form. Without this script, or without passkeys in the browser, the form stays hidden.

const bytes = (text) => {
  const padded = text.replace(/-/g, '+').replace(/_/g, '/');
  return Uint8Array.from(atob(padded), (character) => character.charCodeAt(0));
};

const base64 = (buffer) => {
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
};

const known = (credentials) => credentials.map((one) => ({ ...one, id: bytes(one.id) }));

async function options(form) {
  const answer = await fetch(form.action + '/options', {
    method: 'POST',
    body: new URLSearchParams(new FormData(form)),
  });
  if (!answer.ok) {
    throw new Error('Reload the page and try again.');
  }
  const { publicKey, error } = await answer.json();
  if (error) {
    throw new Error(error);
  }
  publicKey.challenge = bytes(publicKey.challenge);
  return publicKey;
}

async function create(publicKey) {
  publicKey.user.id = bytes(publicKey.user.id);
  publicKey.excludeCredentials = known(publicKey.excludeCredentials);
  const made = await navigator.credentials.create({ publicKey });
  return {
    ...common(made),
    response: {
      clientDataJSON: base64(made.response.clientDataJSON),
      attestationObject: base64(made.response.attestationObject),
      transports: made.response.getTransports?.() ?? [],
    },
  };
}

async function use(publicKey) {
  publicKey.allowCredentials = known(publicKey.allowCredentials);
  const used = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = used.response;
  return {
    ...common(used),
    response: {
      clientDataJSON: base64(clientDataJSON),
      authenticatorData: base64(authenticatorData),
      signature: base64(signature),
      userHandle: userHandle ? base64(userHandle) : undefined,
    },
  };
}

const common = (credential) => ({
  id: credential.id,
  rawId: base64(credential.rawId),
  type: credential.type,
  clientExtensionResults: {},
});

async function submit(form, status) {
  status.textContent = 'Waiting for the passkey …';
  try {
    const publicKey = await options(form);
    const answer = await (publicKey.user ? create(publicKey) : use(publicKey));
    form.elements.credential.value = JSON.stringify(answer);
    form.submit();
  } catch (failure) {
    status.textContent =
      failure.name === 'NotAllowedError'
        ? 'Nothing was done: the dialog was closed, or took too long.'
        : failure.name === 'InvalidStateError'
          ? 'This device has a passkey for this account already.'
          : failure.message;
  }
}

for (const form of document.querySelectorAll('form.passkey')) {
  if (window.PublicKeyCredential) {
    const status = form.querySelector('[role=status]');
    form.hidden = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      submit(form, status);
    });
  }
}
