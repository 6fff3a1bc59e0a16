/** Tests go by the settings that they give: those of the shell that runs them, a deployment's say, are forgotten. */
for (const name of Object.keys(process.env)) if (name.startsWith('KEYWATCH_')) delete process.env[name];
