/** A plan as a PowerShell script. Strings come from quoteForPowerShell alone; numbers are whole numbers. */
import type { Operation, Plan, Step } from './model.ts';
import { asciiOf, quoteForPowerShell as q } from './quote.ts';

/** The script as a whole. It does nothing until it is run with `apply` or `undo`. */
export function powershellScript(plan: Plan): string {
  return `${head(plan)}
${LIBRARY}
$Steps = @(
${plan.steps.map(stepObject).join(',\n')}
)
${MAIN}`;
}

function head({ title, fixId }: Plan): string {
  return `# Fourtuple: ${title} (${fixId})
#
#   powershell -ExecutionPolicy Bypass -File FILE check   say how each setting is; changes nothing
#   powershell -ExecutionPolicy Bypass -File FILE apply   change them, if each is still as it was when this was made
#   powershell -ExecutionPolicy Bypass -File FILE undo    put them back, if each is still as "apply" left it
#
# Run it as administrator.
# Ends with 0 done, 1 failed and taken back, 2 refused and nothing changed, 3 something is left as it was found.
param([Parameter(Mandatory = $true)][ValidateSet('check', 'apply', 'undo')][string]$Action)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
`;
}

/** netsh prints in the language of the system: only its numbers are read, in their order. */
const LIBRARY = `$System = Join-Path $env:SystemRoot 'System32'
$Netsh = Join-Path $System 'netsh.exe'
function Get-DynamicPorts([string]$Family) {
  $numbers = @(& $Netsh int $Family show dynamicport tcp | Select-String ':\\s*(\\d+)\\s*$' | ForEach-Object { $_.Matches[0].Groups[1].Value })
  if ($numbers.Count -ne 2) { return 'unknown' }
  return $numbers -join ' '
}
function Get-Administered([string]$Family, [int]$First, [int]$Last) {
  foreach ($line in (& $Netsh int $Family show excludedportrange protocol=tcp)) {
    if ($line -match '^\\s*(\\d+)\\s+(\\d+)\\s+\\*\\s*$' -and [int]$Matches[1] -le $First -and [int]$Matches[2] -ge $Last) { return 'administered' }
  }
  return 'not set'
}
function Get-Parameter([string]$Name) {
  $values = Get-ItemProperty -LiteralPath 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters'
  if ($values.PSObject.Properties.Name -notcontains $Name) { return 'not set' }
  return [string]$values.$Name
}
function Get-AutoReuse([string]$Setting) {
  $found = Get-NetTCPSetting -SettingName $Setting
  if ($found.AutoReusePortRangeNumberOfPorts -eq 0) { return 'not set' }
  return '{0} {1}' -f $found.AutoReusePortRangeStartPort, $found.AutoReusePortRangeNumberOfPorts
}
function Invoke-Tool([string]$Tool, [string[]]$Arguments) {
  & (Join-Path $System "$Tool.exe") @Arguments | Out-Null
  return $LASTEXITCODE -eq 0
}
`;

function stepObject(step: Step): string {
  const { title, current, proposed } = step;
  const before = current.kind === 'value' ? current.text : 'not set';
  const after = proposed.kind === 'value' ? proposed.text : 'not set';
  const isAction = step.target.kind === 'service' || step.target.kind === 'action';
  return `  @{
    Title = ${q(asciiOf(title))}
    IsAction = ${isAction ? '$true' : '$false'}
    Before = ${q(before)}
    After = ${q(after)}
    Read = { ${readerOf(step)} }
    Apply = { ${invocation(step.apply)} }
    Undo = { ${step.undo === null ? '$true' : invocation(step.undo)} }
  }`;
}

function readerOf({ target, current }: Step): string {
  switch (target.kind) {
    case 'dynamic-ports':
      return `Get-DynamicPorts ${q(`ipv${target.family}`)}`;
    case 'excluded-ports':
      return `Get-Administered ${q(`ipv${target.family}`)} ${target.range.first} ${target.range.last}`;
    case 'registry':
      return `Get-Parameter ${q(target.name)}`;
    case 'auto-reuse':
      return `Get-AutoReuse ${q(target.setting)}`;
    case 'service':
    case 'action':
      return q(current.kind === 'value' ? current.text : 'not set');
    default:
      throw new Error(`a ${target.kind} is no step of Windows`);
  }
}

function invocation(operation: Operation): string {
  if (operation.kind !== 'run') throw new Error('no file is written on Windows');
  const [tool = '', ...words] = operation.argv;
  if (tool === 'powershell') return `${words.at(-1) ?? ''}; $true`;
  return `Invoke-Tool ${q(tool)} @(${words.map(q).join(', ')})`;
}

const MAIN = `
function Show-Steps {
  foreach ($step in $Steps) {
    $now = & $step.Read
    if ($step.IsAction) { Write-Output "$($step.Title): is done each time" }
    elseif ($now -eq $step.After) { Write-Output "$($step.Title): as it would be after apply" }
    elseif ($now -eq $step.Before) { Write-Output "$($step.Title): as it was when this was made" }
    else { Write-Output "$($step.Title): neither as before nor as after: $now" }
  }
}

function Start-Apply {
  foreach ($step in $Steps) {
    if ($step.IsAction) { continue }
    $now = & $step.Read
    if ($now -ne $step.Before -and $now -ne $step.After) {
      [Console]::Error.WriteLine("$($step.Title) has changed since this was made: $now")
      [Console]::Error.WriteLine('Refused; nothing was changed.')
      return 2
    }
  }
  $done = @()
  foreach ($step in $Steps) {
    if (-not $step.IsAction -and (& $step.Read) -eq $step.After) { continue }
    $done = @($step) + $done
    $worked = $false
    try { $worked = & $step.Apply } catch { [Console]::Error.WriteLine($_.Exception.Message) }
    if ($worked -and ($step.IsAction -or (& $step.Read) -eq $step.After)) {
      [Console]::Out.WriteLine("$($step.Title): done")
      continue
    }
    [Console]::Error.WriteLine("$($step.Title) could not be changed; taking back what was.")
    foreach ($each in $done) {
      if ($each.IsAction -or (& $each.Read) -ne $each.Before) {
        try { $null = & $each.Undo } catch { [Console]::Error.WriteLine($_.Exception.Message) }
      }
    }
    return 1
  }
  return 0
}

function Start-Undo {
  $left = 0
  $backwards = @($Steps)
  [array]::Reverse($backwards)
  foreach ($step in $backwards) {
    $now = & $step.Read
    if ($step.IsAction) { continue }
    if ($now -eq $step.Before) { continue }
    if ($now -ne $step.After) {
      [Console]::Error.WriteLine("$($step.Title) was changed by someone else and is left alone: $now")
      $left = 3
      continue
    }
    $worked = $false
    try { $worked = & $step.Undo } catch { [Console]::Error.WriteLine($_.Exception.Message) }
    if ($worked -and (& $step.Read) -eq $step.Before) { [Console]::Out.WriteLine("$($step.Title): as before") }
    else { [Console]::Error.WriteLine("$($step.Title) could not be put back."); $left = 3 }
  }
  return $left
}

switch ($Action) {
  'check' { Show-Steps; exit 0 }
  'apply' { exit (Start-Apply) }
  'undo' { exit (Start-Undo) }
}
`;
