/** Says where the running Node lies and on which path: npx runs this to tell where it put the tools. */
console.log(JSON.stringify({ node: process.execPath, path: process.env.PATH ?? process.env.Path }))
