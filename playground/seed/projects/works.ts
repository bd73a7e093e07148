/** A kind of work, and what has to be done for it, in order. */
export interface Work {
  readonly name: string
  readonly tasks: readonly string[]
}

export const sites = [
  'Harbour wall',
  'Old lighthouse',
  'Ferry terminal',
  'North pier',
  'Fish market',
  'Customs house',
  'Dry dock',
  'Marina',
  'Pilot station',
  'Swing bridge',
  'Tide gate',
  'Coast path',
] as const

export const works: readonly Work[] = [
  {
    name: 'survey',
    tasks: [
      'Order the drawings from the archive',
      'Book the survey boat',
      'Measure above the waterline',
      'Send divers below the waterline',
      'Take core samples',
      'Write the condition report',
      'Present the findings to the council',
    ],
  },
  {
    name: 'repair',
    tasks: [
      'Close the site to the public',
      'Put up the scaffolding',
      'Cut out damaged masonry',
      'Treat the reinforcement against rust',
      'Cast the new sections',
      'Test the anchors',
      'Take the scaffolding down',
    ],
  },
  {
    name: 'lighting',
    tasks: [
      'Agree on the lamps with the harbour master',
      'Ask for three offers',
      'Lay the cables',
      'Set the masts',
      'Fit the lamps and shields',
      'Measure the glare from the water',
      'Hand over to the maintenance team',
    ],
  },
  {
    name: 'drainage',
    tasks: [
      'Find the old pipes with a camera',
      'Work out the flow of a spring tide',
      'Apply for the discharge permit',
      'Dig the trenches',
      'Lay the pipes',
      'Fit the flap valves',
      'Fill and pave the trenches',
    ],
  },
  {
    name: 'visitor centre',
    tasks: [
      'Ask the neighbours what they want to see',
      'Choose the architect',
      'Apply for the building permit',
      'Clear and level the ground',
      'Build the shell',
      'Write the panels of the exhibition',
      'Open the doors',
    ],
  },
]

/** Employees beside the demo's users; nobody signs in as them. */
export const others = [
  'Ines Carvalho',
  'Jonas Lindqvist',
  'Maren Petersen',
  'Tomasz Zieliński',
  'Aoife Byrne',
  'Hugo Lefèvre',
  'Yara Haddad',
  'Kofi Mensah',
  'Lucia Moretti',
] as const
